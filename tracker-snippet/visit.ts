import { readShared, writeShared } from './storage.ts';
import { isUuid, newUuid } from './uuid.ts';

export interface Visit {
  id: string;
  lastSeenMs: number;
  /** Signature of the source that began the visit; empty for a direct one. */
  source: string;
  /** The short code people can tell on the phone; empty until the collector has answered. */
  code: string;
}

export const visitKey = 'tl_visit';
const silenceMs = 30 * 60_000;

function keep(visit: Visit): Visit {
  writeShared(visitKey, [visit.id, visit.lastSeenMs.toString(36), visit.source, visit.code].join('.'));
  return visit;
}

/** The visit that all tabs and hosts of the shop share, or undefined when none is kept or it has been silent for 30 minutes. */
export function liveVisit(): Visit | undefined {
  const [id, seen = '', source = '', code = ''] = readShared(visitKey).split('.');
  const lastSeenMs = Number.parseInt(seen, 36);
  // The clock may have been set back meanwhile, so the distance counts in both directions.
  return isUuid(id) && Math.abs(Date.now() - lastSeenMs) < silenceMs ? { id, lastSeenMs, source, code } : undefined;
}

export const beginVisit = (source: string): Visit => keep({ id: newUuid(), lastSeenMs: Date.now(), source, code: '' });

/** The visit an event of this moment belongs to: the live one, prolonged, or a new one after the silence. */
export function continueVisit(): Visit {
  const visit = liveVisit();
  return visit ? keep(Object.assign(visit, { lastSeenMs: Date.now() })) : beginVisit('');
}

/** Keeps the code the collector gave, unless the visit it was given to is over. */
export function learnVisitCode(id: unknown, code: unknown): void {
  const visit = liveVisit();
  if (visit && visit.id === id && typeof code === 'string' && /^[\w-]+$/.test(code))
    keep(Object.assign(visit, { code }));
}
