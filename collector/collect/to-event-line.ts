import type { ContactHasher } from '../../domain/contact.ts';
import type { Event } from '../../domain/event.ts';
import { withoutContacts } from '../../domain/record/raw-record.ts';
import { toInstant } from '../../domain/time.ts';
import { jsonText } from './json-text.ts';
import { maskUrl } from './mask-url.ts';

/** What is known of an event besides itself. */
export interface EventContext {
  readonly project: string;
  readonly site: string;
  readonly visitor: string;
  readonly visit: string;
  readonly visitCode: string;
  readonly channelIn: 'collect' | 'pixel' | 'ingest';
  readonly receivedAtMs: number;
  /** Already cut to /24 or /48. */
  readonly address: string;
  readonly userAgent: string;
  readonly hasher: ContactHasher;
}

const noKey = /(?!)/;

/** A row of `raw_events` as a line of JSON but for its batch; columns that are empty are left out. Keeps no plain contact. */
export function toEventLine(event: Event, context: EventContext): string {
  const { form, order, user } = event;
  return jsonText({
    project: context.project,
    site: context.site,
    event_id: event.id,
    visitor_id: context.visitor,
    visit_id: context.visit,
    visit_code: Number(context.visitCode),
    type: event.type,
    occurred_at: toInstant(event.ts),
    received_at: toInstant(context.receivedAtMs),
    url: maskUrl(event.url),
    referrer: maskUrl(event.referrer),
    title: event.title,
    ...(form && { form_id: form.id, form_name: form.name, form_page: maskUrl(form.page) }),
    ...(order && { order_id: order.id, order_amount: order.amount, order_currency: order.currency }),
    ...(user && personColumns(user, context.hasher)),
    items: event.items && jsonText(event.items),
    props: event.props && jsonText(withoutContacts(event.props, noKey)),
    ip: context.address,
    user_agent: context.userAgent,
    channel_in: context.channelIn,
  });
}

function personColumns(user: NonNullable<Event['user']>, hasher: ContactHasher): Record<string, string | undefined> {
  // Many shops know a person by the e-mail.
  const idHash = user.id?.includes('@') ? hasher.email(user.id) : undefined;
  const emailHash = user.email === undefined ? undefined : hasher.email(user.email);
  return {
    phone_hash: user.phone === undefined ? undefined : hasher.phone(user.phone),
    email_hash: emailHash ?? idHash,
    user_id: idHash ?? user.id,
    ym_client_id: user.ym_client_id,
  };
}
