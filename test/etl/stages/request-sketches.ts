import { expect } from 'vitest';
import { type EventSketch, hasher, type Loose, record, uuid } from './raw.ts';
import type { OwnShop } from './scenarios.ts';

export const phone = '+79000000001';
const more = { phone_hash: hasher.phone(phone) };

/** Sent on 1 March 2026 by a person with one phone. */
export const form = (minutes: string, form_id = 'callback', who = 'anna') => ({
  who,
  at: `2026-03-01 ${minutes}.000`,
  type: 'form_submit',
  id: `form ${who} ${minutes} ${form_id}`,
  more: { ...more, form_id },
});
export const order = (minutes: string, order_id: string, who = 'anna') => ({
  who,
  at: `2026-03-01 ${minutes}.000`,
  type: 'purchase',
  id: `order ${who} ${minutes}`,
  more: { ...more, order_id },
});
/** A deal of the person who sends those. */
export const deal = (id: string, createdAt: string, fields: Record<string, unknown> = {}) =>
  record('deal', {
    source: 'crm',
    id,
    created_at: createdAt,
    amount: 1,
    status: 'open',
    client: { phone },
    ...fields,
  });
/** Id of the request that an event becomes. */
export const leadOf = (sketch: { id: string }) => `event:${uuid(sketch.id)}`;
/** Requests that count, in the order of time. */
export async function counting(shop: OwnShop): Promise<{ lead_id: string; deal_key: string }[]> {
  const requests = await shop.mart<{ lead_id: string; deal_key: string; duplicate_of: string }>(
    'leads',
    'lead_id, deal_key, duplicate_of',
    'created_at, lead_id',
  );
  return requests.flatMap(({ duplicate_of, ...request }) => (duplicate_of === '' ? [request] : []));
}

export const crmLead = (id: string, createdAt: string, fields: Record<string, unknown> = {}, fetchedAt?: string) =>
  record('lead', { source: 'crm', id, created_at: createdAt, kind: 'crm', client: { phone }, ...fields }, fetchedAt);

async function load(shop: OwnShop, events: readonly EventSketch[], records: readonly Loose[]): Promise<void> {
  if (events.length > 0) await shop.events(...events);
  if (records.length > 0) await shop.records(...records);
}

/** Requests that count after one run. */
export async function countingOf(
  shop: OwnShop,
  events: readonly EventSketch[],
  records: readonly Loose[] = [],
): Promise<{ lead_id: string; deal_key: string }[]> {
  await load(shop, events, records);
  await shop.settle();
  return counting(shop);
}

const inTheWindow: readonly [createdAt: string, requests: number][] = [
  ['2026-03-01T09:55:00Z', 1],
  ['2026-03-01T09:54:59Z', 2],
  ['2026-03-08T10:00:00Z', 1],
  ['2026-03-08T10:00:01Z', 2],
];

/** A form at 10:00 and what came of it in the CRM are one request within the window, and two outside. */
export async function expectOneFromFiveMinutesToSevenDays(
  open: () => OwnShop,
  recordOf: (createdAt: string) => Loose,
): Promise<void> {
  const cases = inTheWindow.map(([createdAt, requests]) => ({ createdAt, requests, shop: open() }));
  for (const { createdAt, shop } of cases) await load(shop, [form('10:00:00')], [recordOf(createdAt)]);
  await cases[0]?.shop.settle();
  for (const { createdAt, requests, shop } of cases) expect(await counting(shop), createdAt).toHaveLength(requests);
}
