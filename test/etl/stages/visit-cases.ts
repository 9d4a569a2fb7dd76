import { beforeAll, expect, test } from 'vitest';
import { type EventSketch, uuid } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

/** An event of the browser of a case: its time from the case's first day on, and what differs from a direct page view. */
export type Seen = readonly [dayAndTime: string, more?: Partial<EventSketch>];

/** Declares a test of the visits made of what one browser sends. All cases of a file are loaded and run once. */
export type ExpectVisits = (name: string, seen: readonly Seen[], visits: readonly object[]) => void;

/** `columns` of the visits are compared. Call it once at the top of a test file. */
export function useVisitCases(columns: string): ExpectVisits {
  const openShop = useShops();
  const sketches: EventSketch[] = [];
  let shop: Shop;
  beforeAll(async () => {
    shop = openShop({ ownDomains: ['shop.example', 'Магазин.рф'], paymentReturnDomains: ['Bank.Example'] });
    await shop.events(...sketches);
    await shop.settle();
  });
  return (name, seen, visits) => {
    sketches.push(
      ...seen.map(([time, more], number) => ({ who: name, at: `2026-03-0${time}`, id: `${name} ${number}`, ...more })),
    );
    test(name, async () => {
      expect(await visitsOf(shop, name, columns)).toEqual(visits);
    });
  };
}

const visitsOf = (shop: Shop, who: string, columns: string): Promise<object[]> =>
  shop.warehouse.query(
    `SELECT ${columns} FROM visits FINAL WHERE project = {project:String} AND visitor_id = {visitor:UUID} ORDER BY started_at, visit_no`,
    { project: shop.project, visitor: uuid(who) },
  );
