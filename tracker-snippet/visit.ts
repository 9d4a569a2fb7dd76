import { mayKeep } from './consent-state.ts';
import { read, write } from './storage.ts';
import { isUuid, newUuid } from './uuid.ts';

export interface Visit {
  id: string;
  /** Signature of the source that began the visit; empty for a direct one. */
  signature: string;
  /** The short code people can tell on the phone; empty until the collector has answered. */
  spoken: string;
}

export const visitKey = 'tl_visit';
const silenceMs = 30 * 60_000;

/** Keeps the visit as one that was seen at this moment. */
export function keepVisit(id: string, signature: string, spoken = ''): Visit {
  write(visitKey, [id, Date.now().toString(36), signature, spoken].join('.'));
  return { id, signature, spoken };
}

/** The visit that all tabs and hosts of the shop share; empty when none is kept or it has been silent for 30 minutes. */
export function liveVisit(): Partial<Visit> {
  const [id, seen = '', signature = '', spoken = ''] = read(visitKey).split('.');
  // The clock may have been set back meanwhile, so the distance counts in both directions.
  return isUuid(id) && Math.abs(Date.now() - parseInt(seen, 36)) < silenceMs ? { id, signature, spoken } : {};
}

/** The visit an event of this moment belongs to: the live one, prolonged, or a new one after the silence. */
export function continueVisit(): Visit {
  const { id = newUuid(), signature = '', spoken } = liveVisit();
  return keepVisit(id, signature, spoken);
}

/** Keeps the code the collector gave, unless the visit it was given to is over. Where nothing is kept the collector tells the visit too. */
export function learnVisitCode(id: unknown, code: unknown): void {
  const visit = liveVisit();
  if (isUuid(id) && (id === visit.id || !mayKeep()) && /^\w+$/.test(String(code)))
    keepVisit(id, visit.signature || '', String(code));
}
