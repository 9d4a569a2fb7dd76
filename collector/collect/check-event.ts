import type { Event } from '../../domain/event.ts';
import { failed, type Problem } from '../../domain/result.ts';
import { isDeeperThan } from './depth.ts';
import { type ReadEvent, readEvent } from './read-event.ts';

/** Why an event cannot be taken. */
export type EventProblem = 'invalid' | 'too_deep' | 'ts_too_old' | 'ts_in_future';

const dayMs = 24 * 60 * 60 * 1000;
const maxAgeMs = 7 * dayMs;
const maxAheadMs = dayMs;
/** Levels of `props`; what is deeper is no description of an event, and would exhaust the stack of who reads it. */
const maxPropsDepth = 32;

/** How far back an event may lie: the history of another system is taken from here on. */
const earliestMs = Date.UTC(1990, 0, 1);

/** An event, with a problem about the fields it had to be taken without; or why it cannot be taken. */
export type CheckedEvent =
  | { readonly ok: true; readonly value: Event; readonly unread?: Problem<'invalid'> }
  | { readonly ok: false; readonly problem: Problem<EventProblem> };

export type EventAge = 'live' | 'history';

/** Judges one event of a batch. The time of a clock that is up to a day ahead is set to the time of receipt. */
export function checkEvent(raw: unknown, age: EventAge, nowMs: number): CheckedEvent {
  const read = readEvent(raw);
  if (!read.ok) return read;
  const { props } = read.value;
  if (props !== undefined && isDeeperThan(props, maxPropsDepth)) {
    return failed('too_deep', 'props', `nested deeper than ${maxPropsDepth} levels: send a flat object`);
  }
  return checkTime(read, age, nowMs);
}

function checkTime(read: ReadEvent & { ok: true }, age: EventAge, nowMs: number): CheckedEvent {
  const event = read.value;
  if (event.ts > nowMs + maxAheadMs) {
    return failed('ts_in_future', 'ts', 'more than a day ahead: send milliseconds since 1970 and check the clock');
  }
  if (event.ts < (age === 'live' ? nowMs - maxAgeMs : earliestMs)) {
    const cure = 'send milliseconds, not seconds; history goes through /api/v1/ingest/events';
    return failed('ts_too_old', 'ts', age === 'live' ? `more than 7 days ago: ${cure}` : 'before 1990');
  }
  return event.ts > nowMs ? { ...read, value: { ...event, ts: nowMs } } : read;
}
