import { expect } from 'vitest';
import type { Event } from '../../domain/event.ts';
import type { Delivery, Shop } from './shop.ts';

/** Longer than any pause before another try, and than what is on its way is left alone. */
export const longMs = 20 * 60_000;

/** Neither fences of the test nor what depends on how fast the machine shows a page. */
const isMeant = ({ type, props }: Event): boolean =>
  type !== 'engagement' && type !== 'form_view' && props?.fence === undefined;

const meantOf = (deliveries: readonly Delivery[]): Event[] =>
  deliveries.flatMap(({ events }) => events).filter(isMeant);

/** The events of the batches from the `first` one on as they travelled: one that was sent twice stands there twice. */
export const sentSince = (shop: Shop, first: number): Event[] => meantOf(shop.deliveries.slice(first));

/** Each of the events was sent in one batch since then, and none but these. */
export function expectSentOnce(shop: Shop, first: number, count: number): void {
  const ids = sentSince(shop, first).map(({ id }) => id);
  expect(ids).toHaveLength(count);
  expect(new Set(ids).size).toBe(count);
}

/** However often the events travelled, they are so many different ones, and the collector has them all. */
export function expectCountedOnce(shop: Shop, count: number): void {
  expect(shop.events().filter(isMeant)).toHaveLength(count);
  expect(new Set(sentSince(shop, 0).map(({ id }) => id)).size).toBe(count);
}
