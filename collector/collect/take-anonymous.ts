import { isbot } from 'isbot';
import { ok } from '../../domain/result.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { anonymousEvent } from './anonymous-event.ts';
import { appendLines, type Batch, rejectionsOf, sortEvents, type TakeBatchDeps, type Taken } from './take-batch.ts';
import { toEventLine } from './to-event-line.ts';

/**
 * Takes a batch of somebody who refused: its events are kept without anything that tells who sent them, each as if it had a visitor of
 * its own, so that they are counted once like any other. `done`, which must not throw, is called when they are on disk.
 */
export function takeAnonymous(deps: TakeBatchDeps, batch: Batch, done: Taken): undefined {
  const { project, hasher } = deps;
  const { site, channelIn, receivedAtMs } = batch;
  const { good, bad, unread } = sortEvents(batch);
  // The name of a robot is nobody's secret, and tells robots from people.
  const userAgent = isbot(batch.userAgent) ? batch.userAgent : '';
  const known = { project, site, channelIn, receivedAtMs, address: '', userAgent, hasher, consent: 'denied' } as const;
  const lines = good.map((event) =>
    toEventLine(anonymousEvent(event), { ...known, visitor: derivedUuid('anonymous', event.id) }, '', '0'),
  );
  const notes = [...bad, ...unread].map((note) => ({ ...note, raw: null }));
  appendLines(deps, batch, lines, notes, (appended) => {
    done(appended.ok ? ok({ visitor: null, visit: null, visit_code: null, ...rejectionsOf(bad) }) : appended);
  });
}
