import { beforeAll, describe, expect, test } from 'vitest';
import { uuid } from '../../etl/stages/raw.ts';
import { type Shop, useShops } from '../../etl/stages/shop.ts';
import { readCases } from './read-cases.ts';

const cases = readCases();
const visitorOf = (number: number): string => `visitor of case ${number}`;

describe('the tables of channel cases, read through the stages', () => {
  const openShop = useShops();
  const found = new Map<string, object>();
  beforeAll(async () => {
    const shop = openShop({
      ownDomains: ['shop.example', 'xn--80aairftm.xn--p1ai'],
      paymentReturnDomains: ['bank.example'],
    });
    await shop.events(
      ...cases.map(({ landing, referrer }, number) => ({
        who: visitorOf(number),
        at: '2026-03-01 10:00:00.000',
        url: `https://shop.example/${landing}`,
        referrer,
      })),
    );
    await shop.settle();
    for (const { visitor_id, ...visit } of await visitsOf(shop)) found.set(visitor_id, visit);
  });

  test('there are 300 cases and more, none of them twice', () => {
    expect(new Set(cases.map(({ landing, referrer }) => `${landing} ${referrer}`)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(300);
  });

  for (const [number, { table, landing, referrer, ...expected }] of cases.entries()) {
    const place = [landing && `"${landing}"`, referrer && `from ${referrer}`].filter(Boolean).join(' ') || 'nothing';
    test(`${table}: ${place} is ${expected.channel} of ${expected.source} / ${expected.medium}`, () => {
      expect(found.get(uuid(visitorOf(number)))).toEqual(expected);
    });
  }
});

const visitsOf = (shop: Shop): Promise<({ visitor_id: string } & object)[]> =>
  shop.mart('visits', 'visitor_id, source, medium, channel');
