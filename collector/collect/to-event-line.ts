import type { ContactHasher } from '../../domain/contact.ts';
import type { Event } from '../../domain/event.ts';
import { withoutContacts } from '../../domain/record/raw-record.ts';
import { toInstant } from '../../domain/time.ts';
import { jsonText } from './json-text.ts';
import { maskUrl } from './mask-url.ts';

/** What is known of the events of a batch besides themselves. */
export interface EventContext {
  readonly project: string;
  readonly site: string;
  readonly visitor: string;
  readonly channelIn: 'collect' | 'pixel' | 'ingest';
  readonly receivedAtMs: number;
  /** Already cut to /24 or /48. */
  readonly address: string;
  readonly userAgent: string;
  readonly hasher: ContactHasher;
}

const noKey = /(?!)/;

/**
 * A row of `raw_events` as a line of JSON but for its batch; columns that are empty are left out. Keeps no plain contact.
 * `visit` is empty and `visitCode` 0 when there is none.
 */
export function toEventLine(event: Event, context: EventContext, visit: string, visitCode: string): string {
  const { form, order, user } = event;
  const person = user && personColumns(user, context.hasher);
  return jsonText({
    project: context.project,
    site: context.site,
    event_id: event.id,
    visitor_id: context.visitor,
    visit_id: visit,
    visit_code: Number(visitCode),
    type: event.type,
    occurred_at: toInstant(event.ts),
    received_at: toInstant(context.receivedAtMs),
    url: maskUrl(event.url),
    referrer: maskUrl(event.referrer),
    title: event.title,
    form_id: form?.id,
    form_name: form?.name,
    form_page: form && maskUrl(form.page),
    order_id: order?.id,
    order_amount: order?.amount,
    order_currency: order?.currency,
    items: event.items && jsonText(event.items),
    phone_hash: person?.phoneHash,
    email_hash: person?.emailHash,
    user_id: person?.userId,
    ym_client_id: user?.ym_client_id,
    props: event.props && jsonText(withoutContacts(event.props, noKey)),
    ip: context.address,
    user_agent: context.userAgent,
    channel_in: context.channelIn,
  });
}

interface PersonColumns {
  readonly phoneHash: string | undefined;
  readonly emailHash: string | undefined;
  readonly userId: string | undefined;
}

function personColumns(user: NonNullable<Event['user']>, hasher: ContactHasher): PersonColumns {
  // Many shops know a person by the e-mail.
  const idHash = user.id?.includes('@') ? hasher.email(user.id) : undefined;
  const emailHash = user.email === undefined ? undefined : hasher.email(user.email);
  return {
    phoneHash: user.phone === undefined ? undefined : hasher.phone(user.phone),
    emailHash: emailHash ?? idHash,
    userId: idHash ?? user.id,
  };
}
