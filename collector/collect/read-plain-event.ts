import { cutText, type Event, type EventType, eventTypes, maxChars, uuidPattern } from '../../domain/event.ts';
import { isJsonObject } from './json-object.ts';

const typeNames: ReadonlySet<unknown> = new Set(eventTypes);
const isType = (value: unknown): value is EventType => typeNames.has(value);
const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;
const isUuid = (value: unknown): value is string => typeof value === 'string' && uuidPattern.test(value);

/**
 * Reads an event of the usual shape as `readBySchema` does, for a tenth of its time. Undefined says nothing about the event but that
 * the schema must judge it: whatever is unusual, rare (orders, people) or wrong is left to it.
 */
export function readPlainEvent(raw: unknown): Event | undefined {
  if (!isJsonObject(raw)) return undefined;
  const { id, type, ts, visit, form, props } = raw;
  if (!isUuid(id) || !isType(type) || !Number.isSafeInteger(ts)) return undefined;
  if (!isAbsent(visit) && !isUuid(visit)) return undefined;
  if (!isAbsent(raw.order) || !isAbsent(raw.items) || !isAbsent(raw.user)) return undefined;
  if (!isAbsent(props) && !isPlainProps(props)) return undefined;
  const url = readText(raw.url, maxChars.url);
  const referrer = readText(raw.referrer, maxChars.url);
  const title = readText(raw.title, maxChars.title);
  if (url === undefined || referrer === undefined || title === undefined) return undefined;
  const event: Event = {
    id: id.toLowerCase(),
    type,
    ts: Number(ts),
    visit: visit?.toLowerCase(),
    url,
    referrer,
    title,
  };
  if (!isAbsent(props)) event.props = props;
  return isAbsent(form) ? event : withForm(event, form);
}

/** Text of at most `max` characters, `''` when absent; undefined when it is no text. */
function readText(value: unknown, max: number): string | undefined {
  if (isAbsent(value)) return '';
  return typeof value === 'string' ? cutText(value, max) : undefined;
}

/** The schema drops a key named `__proto__`. */
const isPlainProps = (props: unknown): props is Record<string, unknown> =>
  isJsonObject(props) && !Object.hasOwn(props, '__proto__');

function withForm(event: Event, form: unknown): Event | undefined {
  if (!isJsonObject(form)) return undefined;
  const id = readText(form.id, maxChars.formId);
  const name = readText(form.name, maxChars.formName);
  const page = readText(form.page, maxChars.formPage);
  if (id === undefined || name === undefined || page === undefined) return undefined;
  event.form = { id, name, page };
  return event;
}
