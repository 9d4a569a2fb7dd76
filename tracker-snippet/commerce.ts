import { config } from './config.ts';
import { track } from './delivery.ts';
import { pick } from './pick.ts';
import { attempt, patch } from './safely.ts';
import type { EventType } from './wire-event.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever the page has put there
type Entry = any;

/** Our events, and their names in the layers of Yandex Metrica and of Google where they differ. */
const kinds: [EventType, string?, string?][] = [
  ['product_view', 'detail', 'view_item'],
  ['add_to_cart', 'add'],
  ['remove_from_cart', 'remove'],
  ['checkout', 'checkout', 'begin_checkout'],
  ['purchase'],
];

let layer: Entry;

function readEntry(entry: Entry): void {
  // gtag keeps the arguments of its calls: 'event', name, data.
  const { event = entry[1], ecommerce: data = entry[2] } = entry;
  if (!data) return;
  for (const [type, yandex = type, google = type] of kinds) {
    const part = data[yandex] || (event === google && data);
    const goods = part.items || part.products;
    const order = part.actionField || part;
    const id = order.id || order.transaction_id;
    if (!goods && !id) continue;
    const told = {
      items: Array.from(goods || [], (item: Entry) => Object.assign({ id: item.item_id, name: item.item_name }, item)),
      order: { id, amount: order.revenue || order.value, currency: data.currencyCode || data.currency },
    };
    track(type, pick(told, 'items order'));
  }
}

/** Reads the data layer of the page as soon as there is one, what it holds already first. */
export function readLayer(): void {
  const { layer: name = 'dataLayer' } = config;
  const found = (window as Entry)[name];
  if (!found || found === layer) return;
  layer = found;
  const readAll = (_: Entry, ...entries: Entry[]) => {
    for (const entry of entries) attempt(() => readEntry(entry));
  };
  readAll(layer, ...layer);
  patch(layer, 'push', readAll);
}
