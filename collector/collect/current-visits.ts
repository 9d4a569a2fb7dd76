import { BoundedMap } from '../bounded-map.ts';
import { derivedUuid } from '../derived-uuid.ts';

const silenceMs = 30 * 60 * 1000;
const maxVisitors = 100_000;

interface CurrentVisit {
  readonly visit: string;
  lastAtMs: number;
}

/** An event as far as its visit goes. */
export interface VisitEvent {
  readonly id: string;
  readonly visit?: string | undefined;
  readonly ts: number;
}

/**
 * Names the visit of an event whose sender did not: the visitor's running one, or after 30 minutes of silence a new one. It
 * only serves the answer and the visit code; the visits of reports are cut by the ETL.
 */
export class CurrentVisits {
  readonly #visits = new BoundedMap<string, CurrentVisit>(maxVisitors);

  visitOf(visitor: string, event: VisitEvent): string {
    const current = this.#visits.get(visitor);
    const isRunning = current !== undefined && event.ts - current.lastAtMs <= silenceMs;
    const visit = event.visit ?? (isRunning ? current.visit : derivedUuid('visit', visitor, event.id));
    if (current?.visit === visit) {
      current.lastAtMs = Math.max(current.lastAtMs, event.ts);
      // A queue of a visit that ended before the running one does not become the running one.
    } else if (current === undefined || event.ts >= current.lastAtMs) {
      this.#visits.set(visitor, { visit, lastAtMs: event.ts });
    }
    return visit;
  }
}
