import { config, patch, run } from './core.ts';

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
    if (!goods) continue;
    const order = part.actionField || part;
    run(type, {
      items: goods.map((item: Entry) => Object.assign({ id: item.item_id, name: item.item_name }, item)),
      order: {
        id: order.transaction_id || order.id,
        amount: order.value || order.revenue,
        currency: data.currency || data.currencyCode,
      },
    });
  }
}

/** Reads the data layer of the page as soon as there is one, what it holds already first. */
export function readLayer(): void {
  const found = (window as Entry)['layer' in config ? config.layer || '' : 'dataLayer'];
  if (!found || found === layer) return;
  layer = found;
  const readAll = (_: Entry, ...entries: Entry[]) => {
    for (const entry of entries) if (entry) readEntry(entry);
  };
  readAll(layer, ...layer);
  patch(layer, 'push', readAll);
}
