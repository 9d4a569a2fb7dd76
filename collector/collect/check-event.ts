import { type Event, eventSchema } from '../../domain/event.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { isDeeperThan } from './depth.ts';
import { readPlainEvent } from './read-plain-event.ts';

/** Why an event cannot be taken. */
export type EventProblem = 'invalid' | 'too_deep' | 'ts_too_old' | 'ts_in_future';

const dayMs = 24 * 60 * 60 * 1000;
const maxAgeMs = 7 * dayMs;
const maxAheadMs = dayMs;
/** Levels of `props`; what is deeper is no description of an event, and would exhaust the stack of who reads it. */
const maxPropsDepth = 32;

/** How far back an event may lie: the history of another system is taken from here on. */
const earliestMs = Date.UTC(1990, 0, 1);

export type EventAge = 'live' | 'history';

/** Judges one event of a batch. The time of a clock that is up to a day ahead is set to the time of receipt. */
export function checkEvent(raw: unknown, age: EventAge, nowMs: number): Result<Event, EventProblem> {
  const parsed = readEvent(raw);
  if (!parsed.ok) return parsed;
  const event = parsed.value;
  if (event.props !== undefined && isDeeperThan(event.props, maxPropsDepth)) {
    return failed('too_deep', 'props', `nested deeper than ${maxPropsDepth} levels: send a flat object`);
  }
  return checkTime(event, age, nowMs);
}

function readEvent(raw: unknown): Result<Event, 'invalid'> {
  const plain = readPlainEvent(raw);
  if (plain !== undefined) return ok(plain);
  const parsed = eventSchema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return failed('invalid', issue?.path.join('.') ?? '', issue?.message ?? 'not an event');
}

function checkTime(event: Event, age: EventAge, nowMs: number): Result<Event, EventProblem> {
  if (event.ts > nowMs + maxAheadMs) {
    return failed('ts_in_future', 'ts', 'more than a day ahead: send milliseconds since 1970 and check the clock');
  }
  if (event.ts < (age === 'live' ? nowMs - maxAgeMs : earliestMs)) {
    const cure = 'send milliseconds, not seconds; history goes through /api/v1/ingest/events';
    return failed('ts_too_old', 'ts', age === 'live' ? `more than 7 days ago: ${cure}` : 'before 1990');
  }
  return ok(event.ts > nowMs ? { ...event, ts: nowMs } : event);
}
