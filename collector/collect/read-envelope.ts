import { collectSchema, maxEvents, maxSiteChars, readPageNumbers, uuidPattern } from '../../domain/event.ts';
import type { FieldError } from '../../domain/problem.ts';
import { failed, ok, type Problem, type Result } from '../../domain/result.ts';
import type { RequestBody } from '../http/request-head.ts';
import { isJsonObject } from './json-object.ts';

/** What a body of `/collect` says beside its events. */
export interface Envelope {
  readonly site: string;
  /** In lower case. */
  readonly visitor?: string | undefined;
  readonly consent?: 'granted' | 'denied' | undefined;
  readonly cookieless?: boolean | undefined;
  /** Digits of numbers on the page that may be replaced. */
  readonly numbers?: readonly string[] | undefined;
  readonly events: readonly unknown[];
}

export interface MalformedProblem extends Problem<'malformed'> {
  readonly errors?: readonly FieldError[];
}

export type ReadEnvelope = { readonly ok: true; readonly value: Envelope } | { ok: false; problem: MalformedProblem };

const byteOrderMark = 0xfeff;

/** Reads the body of `/collect`; its events are left as they are. */
export function readEnvelope(body: RequestBody): ReadEnvelope {
  const json = parseJson(body);
  if (!json.ok) return json;
  const plain = readPlainEnvelope(json.value);
  if (plain !== undefined) return ok(plain);
  const parsed = collectSchema.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = `The body is not a batch of 1 to ${maxEvents} events: ${errors[0]?.path ?? ''}: ${errors[0]?.message ?? ''}`;
  return { ok: false, problem: { reason: 'malformed', place: errors[0]?.path ?? '', detail, errors } };
}

function parseJson(body: RequestBody): Result<unknown, 'malformed'> {
  try {
    const text = body.toString();
    return ok(JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed('malformed', 'body', `The body is not JSON: ${reason}`);
  }
}

/** The envelope as `collectSchema` reads it; undefined when the schema must say what is wrong with it. */
export function readPlainEnvelope(value: unknown): Envelope | undefined {
  if (!isJsonObject(value)) return undefined;
  const { site, visitor, events, consent, cookieless, numbers: written } = value;
  if (typeof site !== 'string' || site.length === 0 || site.length > maxSiteChars) return undefined;
  if (!Array.isArray(events) || events.length === 0 || events.length > maxEvents) return undefined;
  if (consent !== undefined || cookieless !== undefined) return undefined;
  const numbers = written === undefined ? undefined : readPageNumbers(written);
  if (visitor === undefined || visitor === null) return { site, events, numbers };
  if (typeof visitor !== 'string' || !uuidPattern.test(visitor)) return undefined;
  return { site, visitor: visitor.toLowerCase(), events, numbers };
}
