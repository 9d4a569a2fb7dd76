import type { ContactHasher } from '../../domain/contact.ts';
import { contactClicks, maskContactLink } from '../../domain/contact-link.ts';
import type { Event } from '../../domain/event.ts';
import { storedAddress } from '../../domain/stored-address.ts';
import { maskContacts, withMaskedName } from '../../domain/without-contacts.ts';
import { flatText } from '../flat-text.ts';
import { instantWriter } from './instant-text.ts';
import { jsonText } from './json-text.ts';

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
  /** As `raw_events` keeps them. */
  readonly clientHints?: string;
  readonly hasher: ContactHasher;
  /** Of somebody who refused, or of a browser that keeps no cookie. */
  readonly consent?: 'denied' | 'cookieless' | undefined;
}

/** `visitCode` of an event whose visit has none. */
export const noCode = '0';

const occurredAt = instantWriter();
const receivedAt = instantWriter();

/**
 * A row of `raw_events` as a line of JSON but for its batch; columns that are empty are left out. Keeps no plain contact.
 * `visit` is empty and `visitCode` is `noCode` when there is none. Put together by hand: ids, types and instants need no escaping, and texts are
 * well-formed already.
 */
export function toEventLine(event: Event, context: EventContext, visit: string, visitCode: string): string {
  const { form, order, user, items, props } = event;
  let line = `${startOf(context.project, context.site)}${event.id}","visitor_id":"${context.visitor}"`;
  if (visit !== '') line += `,"visit_id":"${visit}","visit_code":${visitCode}`;
  line += `,"type":"${event.type}","occurred_at":"${occurredAt(event.ts)}","received_at":"${receivedAt(context.receivedAtMs)}"`;
  line +=
    text('url', storedAddress(event.url)) +
    text('referrer', storedAddress(event.referrer)) +
    text('title', event.title);
  if (form !== undefined) line += formColumns(form);
  if (order !== undefined) line += orderColumns(order);
  if (items !== undefined) line += text('items', jsonText(items.map(withMaskedName)));
  if (user !== undefined) line += personColumns(user, context.hasher);
  if (props !== undefined) line += text('props', jsonText(maskedProps(event)));
  line +=
    text('ip', context.address) + text('user_agent', context.userAgent) + text('client_hints', context.clientHints);
  if (context.consent !== undefined) line += text('consent', context.consent);
  return `${line},"channel_in":"${context.channelIn}"}`;
}

let lastProject: string | undefined;
let lastSite: string | undefined;
let lastStart = '';

/** How a line begins; most lines begin as the last one did. */
function startOf(project: string, site: string): string {
  if (project !== lastProject || site !== lastSite) {
    lastStart = flatText(`{"project":${JSON.stringify(project)},"site":${JSON.stringify(site)},"event_id":"`);
    lastProject = project;
    lastSite = flatText(site);
  }
  return lastStart;
}

const text = (column: string, value: string | undefined): string =>
  value === undefined || value === '' ? '' : `,"${column}":${JSON.stringify(value)}`;

const formColumns = (form: NonNullable<Event['form']>): string =>
  text('form_id', form.id) + text('form_name', form.name) + text('form_page', storedAddress(form.page));

const orderColumns = (order: NonNullable<Event['order']>): string =>
  text('order_id', plainId(order.id)) + text('order_amount', order.amount) + text('order_currency', order.currency);

/** A buyer's contact is masked; of a click on one of the shop's own it stays known which it was. */
function maskedProps({ type, props }: Event): unknown {
  const href = contactClicks.has(type) ? props?.['href'] : undefined;
  if (typeof href !== 'string') return maskContacts(props);
  return Object.assign({}, maskContacts(props), { href: maskContactLink(href) });
}

/** With a plus, or a Russian mobile number in full; shorter ids are numbers of customers. */
const phoneAsId = /^(\+\d{10,15}|[78]9\d{9})$/;
const asPhonesAreWritten = /^\+?[\d\s().-]+$/;

const isPhone = (id: string): boolean => asPhonesAreWritten.test(id) && phoneAsId.test(id.replace(/[\s().-]/g, ''));

/** An id with a contact in it is left out: masked it would be the id of everybody who has one. */
const plainId = (id: string | undefined): string | undefined =>
  id === undefined || /^\w*$/.test(id) || maskContacts(id) === id ? id : undefined;

function personColumns(user: NonNullable<Event['user']>, hasher: ContactHasher): string {
  // Many shops know a person by the e-mail or the phone.
  const idEmailHash = user.id?.includes('@') ? hasher.email(user.id) : undefined;
  const idPhoneHash = user.id !== undefined && isPhone(user.id) ? hasher.phone(user.id) : undefined;
  return (
    text('phone_hash', told(user.phone, hasher.phone) ?? told(user.phone_hash, hasher.phoneDigest) ?? idPhoneHash) +
    text('email_hash', told(user.email, hasher.email) ?? told(user.email_hash, hasher.emailDigest) ?? idEmailHash) +
    text('user_id', idEmailHash ?? idPhoneHash ?? plainId(user.id)) +
    text('ym_client_id', plainId(user.ym_client_id))
  );
}

const told = (value: string | undefined, hash: (value: string) => string | undefined): string | undefined =>
  value === undefined ? undefined : hash(value);
