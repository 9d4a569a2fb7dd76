import type { z } from 'zod';
import { type Event, eventSchema } from '../../domain/event.ts';
import { failed, ok, type Problem } from '../../domain/result.ts';
import { isJsonObject } from './json-object.ts';
import { readPlainEvent } from './read-plain-event.ts';

/** An event, with a problem about the fields it had to be taken without; or why it is no event. */
export type ReadEvent =
  | { readonly ok: true; readonly value: Event; readonly unread?: Problem<'invalid'> }
  | { readonly ok: false; readonly problem: Problem<'invalid'> };

export function readEvent(raw: unknown): ReadEvent {
  const plain = readPlainEvent(raw);
  return plain === undefined ? readBySchema(raw) : ok(plain);
}

type Issue = z.core.$ZodIssue;

const requiredFields: ReadonlySet<PropertyKey | undefined> = new Set([undefined, 'id', 'type', 'ts']);
const isRequired = ({ path }: Issue): boolean => requiredFields.has(path[0]);

/**
 * Reads an event without the optional fields that are not what they should be: an order must not be lost because the page does not
 * know the phone. Null and empty text mean absent; whatever else had to be left out is told in `unread`.
 */
export function readBySchema(raw: unknown): ReadEvent {
  const unread: Issue[] = [];
  let left = raw;
  // Every round takes out something that was there, so there is a last one.
  for (;;) {
    const parsed = eventSchema.safeParse(left);
    if (parsed.success) {
      return unread.length === 0 ? ok(parsed.data) : { ...ok(parsed.data), unread: unreadProblem(unread) };
    }
    const { issues } = parsed.error;
    const fatal = issues.find(isRequired);
    if (fatal !== undefined || !isJsonObject(left)) {
      return failed('invalid', fatal?.path.join('.') ?? '', fatal?.message ?? 'not an event');
    }
    const before = left;
    const said = issues.filter(({ path }) => !isNothing(valueAt(before, path)));
    unread.push(...said.slice(0, fieldsTold - unread.length));
    left = withoutFields(before, [...issues.map(({ path }) => path), ...said.flatMap(pathOfItsAmount)]);
  }
}

/** A page may send thousands of wrong items. */
const fieldsTold = 5;

const isNothing = (value: unknown): boolean => value === null || value === '';

/** An amount in a currency that nobody can read would be taken for one in the project's own. */
const pathOfItsAmount = ({ path }: Issue): PropertyKey[][] =>
  path.join('.') === 'order.currency' ? [['order', 'amount']] : [];

const unreadProblem = (issues: readonly Issue[]): Problem<'invalid'> => ({
  reason: 'invalid',
  place: issues[0]?.path.join('.') ?? '',
  detail: `the event was taken without ${issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
});

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((part, key) => (isContainer(part) ? Reflect.get(part, key) : undefined), value);

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A copy without what lies at the paths. `props` has no shape that could be wrong, and may be deep. */
function withoutFields(event: Readonly<Record<string, unknown>>, paths: readonly PropertyKey[][]): object {
  const { form, order, items, user, ...rest } = event;
  const copy = { ...rest, form: copied(form), order: copied(order), items: copied(items), user: copied(user) };
  for (const path of paths) {
    const parent = valueAt(copy, path.slice(0, -1));
    if (isContainer(parent)) Reflect.set(parent, path.at(-1) ?? '', undefined);
  }
  if (Array.isArray(copy.items)) copy.items = copy.items.filter((item) => item !== undefined);
  return copy;
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => (isJsonObject(part) ? { ...part } : part));
  return isJsonObject(value) ? { ...value } : value;
}
