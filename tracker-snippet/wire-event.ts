/** Every event type the collector takes; `get` and other commands are not events. */
export const eventTypes = [
  'pageview',
  'form_view',
  'form_submit',
  'product_view',
  'add_to_cart',
  'remove_from_cart',
  'checkout',
  'purchase',
  'identify',
  'call_click',
  'messenger_click',
  'mail_click',
  'download',
  'outbound',
  'goal',
  'engagement',
] as const;

export type EventType = (typeof eventTypes)[number];

/** What the site may add to an event; the collector checks the shapes, the snippet only that they are JSON. */
export interface EventFields {
  form?: { id: string; name: string; page: string };
  order?: unknown;
  items?: unknown;
  user?: unknown;
  props?: unknown;
}

/** One event of `POST /collect`: `id` and `visit` are UUIDs, `ts` is milliseconds since the epoch, addresses are whole. */
export interface WireEvent extends EventFields {
  id: string;
  type: EventType;
  ts: number;
  /** Set when it is sent, where the person is told. */
  visit?: string | undefined;
  url: string;
  referrer: string;
  /** Set when it is sent: single-page sites set it after the address. */
  title?: string;
}

/** What the collector answered to a batch it took; every field is as received. */
export interface Answer {
  visitor?: unknown;
  visit?: unknown;
  visit_code?: unknown;
  /** Events that were not taken, each with its reason. */
  rejected?: unknown;
  /** Telephone numbers of the page and those to show instead, in digits. */
  numbers?: Record<string, string>;
}
