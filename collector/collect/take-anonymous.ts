import type { Event } from '../../domain/event.ts';
import { ok } from '../../domain/result.ts';
import { namesRobot } from '../../domain/robots.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { anonymousEvent } from './anonymous-event.ts';
import { appendLines, type Batch, rejectionsOf, sortEvents, type TakeBatchDeps, type Taken } from './take-batch.ts';
import { type EventContext, toEventLine } from './to-event-line.ts';

/**
 * A row of `raw_events`, as `toEventLine` writes it, of somebody who refused: without anything that tells who sent it, as if it had a
 * visitor of its own, so that it is counted once like any other.
 */
export function anonymousLine(event: Event, context: Omit<EventContext, 'visitor' | 'address' | 'consent'>): string {
  const { project, site, channelIn, receivedAtMs, hasher } = context;
  // The name of a robot is nobody's secret, and tells robots from people.
  const userAgent = namesRobot(context.userAgent) ? context.userAgent : '';
  const kept = { project, site, channelIn, receivedAtMs, hasher, userAgent, address: '' };
  return toEventLine(
    anonymousEvent(event),
    { ...kept, visitor: derivedUuid('anonymous', event.id), consent: 'denied' },
    '',
    '0',
  );
}

/** Takes a batch of somebody who refused. `done`, which must not throw, is called when its events are on disk. */
export function takeAnonymous(deps: TakeBatchDeps, batch: Batch, done: Taken): undefined {
  const { good, bad, unread } = sortEvents(batch);
  const lines = good.map((event) => anonymousLine(event, { ...batch, project: deps.project, hasher: deps.hasher }));
  const notes = [...bad, ...unread].map((note) => ({ ...note, raw: null }));
  appendLines(deps, batch, lines, notes, (appended) => {
    done(appended.ok ? ok({ visitor: null, visit: null, visit_code: null, ...rejectionsOf(bad) }) : appended);
  });
}
