import { column } from '../column.ts';
import { defineTable } from '../table.ts';

/** Append-only. The same event may lie here twice (a retry); readers take one row per `event_id`, the earliest by its own time. */
export const rawEvents = defineTable({
  name: 'raw_events',
  row: 'one event as the collector took it',
  columns: {
    project: column.name('project'),
    site: column.name('public key of the site'),
    event_id: column.uuid('id given by the sender; unique end to end'),
    visitor_id: column.uuid('browser that sent it'),
    visit_id: column.string(
      'visit as the sender saw it, else the one that the collector answered; empty in history that does not say',
    ),
    visit_code: column.uint32('short code of the visit, given by the collector; 0 when none'),
    type: column.name('event type'),
    occurred_at: column.instant('when it happened, by the sender'),
    received_at: column.instant('when it reached the collector'),
    url: column.string('address of the page with its query'),
    referrer: column.string('document.referrer'),
    title: column.string('title of the page'),
    form_id: column.string('id of the form'),
    form_name: column.string('name of the form'),
    form_page: column.string('page the form stood on'),
    order_id: column.string('order number of the shop'),
    order_amount: column.money('amount of the order').nullable(),
    order_currency: column.name('ISO code'),
    items: column.string('JSON array of the items'),
    phone_hash: column.string('keyed hash of the phone'),
    email_hash: column.string('keyed hash of the e-mail'),
    user_id: column.string('id the shop knows the person by'),
    ym_client_id: column.string('Metrica ClientID'),
    props: column.string('JSON object of anything else'),
    ip: column.string('address cut to /24 or /48'),
    user_agent: column.string('User-Agent header'),
    client_hints: column
      .string('JSON object of the Sec-CH-UA headers by their names in lower case without it; empty when none')
      .default("''"),
    channel_in: column.name('way in: collect, pixel, ingest'),
    consent: column.name(
      'denied: of somebody who refused, its visitor_id made of its event_id and nothing in it but type, time, page and source; cookieless: of a browser that keeps no cookie, its visitor_id shared by all alike behind one address for a day; empty else',
    ),
    batch: column.string('spool segment it came with'),
  },
  engine: 'MergeTree',
  partitionBy: 'toYYYYMM(occurred_at)',
  orderBy: ['project', 'visitor_id', 'occurred_at', 'event_id'],
  settings: { index_granularity: 1024, non_replicated_deduplication_window: 10000 },
});
