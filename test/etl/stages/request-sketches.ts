import { type EventSketch, hasher, type Loose, record, uuid } from './raw.ts';
import type { Shop } from './shop.ts';

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
export const counting = (shop: Shop) =>
  shop.warehouse.query<{ lead_id: string; deal_key: string }>(
    "SELECT lead_id, deal_key FROM leads FINAL WHERE project = {project:String} AND duplicate_of = '' ORDER BY created_at, lead_id",
    { project: shop.project },
  );

export const crmLead = (id: string, createdAt: string, fields: Record<string, unknown> = {}, fetchedAt?: string) =>
  record('lead', { source: 'crm', id, created_at: createdAt, kind: 'crm', client: { phone }, ...fields }, fetchedAt);

/** Requests that count after one run. */
export async function countingOf(
  shop: Shop,
  events: readonly EventSketch[],
  records: readonly Loose[] = [],
): Promise<{ lead_id: string; deal_key: string }[]> {
  await shop.events(...events);
  if (records.length > 0) await shop.records(...records);
  await shop.settle();
  return counting(shop);
}
