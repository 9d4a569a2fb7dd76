import { expect, test } from 'vitest';
import { record } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();

const crm = (id: string, more: object) =>
  record('deal', { source: 'crm', id, created_at: at(5), amount: 100, ...more });

const stages = { NEW: 'open', WON: 'won', C3_WON: 'won', LOSE: 'lost', SHIPPED: 'open', JUNK: 'open' };
const names: Record<string, string> = { SHIPPED: 'Отгружен' };

/** A deal of Bitrix24 that went through these stages on these days of March, the last of which is its own. */
const through = (id: string, ...steps: readonly (readonly [keyof typeof stages, number])[]) => [
  ...steps.map(([stage, day], no) =>
    record('stage', {
      source: 'crm',
      id: `${id}:${no}`,
      deal_id: id,
      entered_at: at(day),
      stage,
      stage_name: names[stage],
      status: stages[stage],
    }),
  ),
  ...steps.slice(-1).map(([stage]) => crm(id, inStage(stage))),
];

const at = (day: number) => `2026-03-${String(day).padStart(2, '0')}T10:00:00Z`;
const inStage = (stage: keyof typeof stages) => ({
  stage,
  status_name: names[stage],
  status: stages[stage],
  closed_at: at(29),
});

/** Deal → group and local day of its end, 29 being when by its source it came to its stage. */
const endsOf = async (shop: Shop) => {
  const rows = await shop.mart<{ deal_id: string; status_group: string; day: number | null; sold: number | null }>(
    'deals',
    'deal_id, status_group, toDayOfMonth(closed_at) AS day, toDayOfMonth(sale_at) AS sold',
  );
  return Object.fromEntries(
    rows.map(({ deal_id, status_group, day, sold }) => [
      deal_id,
      [status_group, day, ...(sold === null ? [] : [sold])],
    ]),
  );
};

test('a deal ended when the last unbroken run of steps of its group began, whatever makes them won or lost', async () => {
  const shop = openShop({ moneySource: 'deals', statusGroups: { Отгружен: 'won', JUNK: 'lost' } });
  await shop.records(
    ...through('moved on', ['NEW', 5], ['WON', 6], ['C3_WON', 20]),
    ...through('won again', ['WON', 6], ['NEW', 7], ['WON', 8], ['LOSE', 9], ['WON', 10]),
    ...through('by the rules', ['NEW', 5], ['SHIPPED', 11]),
    ...through('then won', ['NEW', 5], ['SHIPPED', 12], ['WON', 21]),
    ...through('shipped again', ['SHIPPED', 6], ['NEW', 7], ['SHIPPED', 13]),
    ...through('junk', ['NEW', 5], ['JUNK', 14], ['LOSE', 22]),
    ...through('not heard of', ['NEW', 5]).slice(0, 1),
    crm('not heard of', inStage('WON')),
    crm('heard of later', inStage('SHIPPED')),
  );
  await shop.settle();
  const ends = {
    'moved on': ['won', 6, 6],
    'won again': ['won', 10, 10],
    'by the rules': ['won', 11, 11],
    'then won': ['won', 12, 12],
    'shipped again': ['won', 13, 13],
    junk: ['lost', 14],
    'not heard of': ['won', 29, 29],
  };
  expect(await endsOf(shop)).toEqual({ ...ends, 'heard of later': ['won', 29, 29] });
  await shop.records(...through('heard of later', ['NEW', 5], ['SHIPPED', 15]).slice(0, 2));
  await shop.settle();
  expect(await endsOf(shop)).toEqual({ ...ends, 'heard of later': ['won', 15, 15] });
  await shop.rebuild({ statusGroups: {} });
  expect(await endsOf(shop)).toMatchObject({
    'by the rules': ['open', null],
    'then won': ['won', 21, 21],
    'shipped again': ['open', null],
    junk: ['lost', 22],
    'heard of later': ['open', null],
  });
});
