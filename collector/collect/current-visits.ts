import { derivedUuid } from '../derived-uuid.ts';
import { nowhere, RecentUuids, readUuidWords, uuidText } from '../recent-uuids.ts';
import type { RunningVisit } from './visit-news.ts';

const silenceMs = 30 * 60 * 1000;
const maxVisitors = 100_000;

/** What is kept of a visitor, in words of 32 bits: the visit, then its last moment in two, as its milliseconds have more bits than one. */
const timeAt = 4;
const valueWords = 6;
const wordSize = 2 ** 32;

/** The others are told once a minute that a visit goes on. */
const minuteOf = (ms: number): number => Math.floor(ms / 60_000);

/** An event as far as its visit goes. */
export interface VisitEvent {
  readonly id: string;
  /** A UUID in lower case. */
  readonly visit?: string | undefined;
  readonly ts: number;
}

/**
 * Names the visit of an event whose sender did not: the visitor's running one, or after 30 minutes of silence a new one. It
 * only serves the answer and the visit code; the visits of reports are cut by the ETL.
 */
export class CurrentVisits {
  readonly #visits = new RecentUuids(maxVisitors, valueWords);
  /** The visit of an event. */
  readonly #named = new Uint32Array(timeAt);
  readonly #tell: ((running: RunningVisit) => void) | undefined;

  /** `tell` is told what the other processes are to learn. */
  constructor(tell?: (running: RunningVisit) => void) {
    this.#tell = tell;
  }

  visitOf(visitor: string, event: VisitEvent): string {
    const place = this.#visits.find(visitor);
    if (place === nowhere) return this.#begin(visitor, event);
    const lastAtMs = this.#lastAtMs(place);
    const isRunning = event.ts - lastAtMs <= silenceMs;
    const visit =
      event.visit ?? (isRunning ? uuidText(this.#visits.words, place) : derivedUuid('visit', visitor, event.id));
    readUuidWords(visit, this.#named, 0);
    if (this.#isNamedAt(place)) this.#setTime(place, Math.max(lastAtMs, event.ts));
    // A queue of a visit that ended before the running one does not become the running one.
    else if (event.ts >= lastAtMs) this.#set(place, event.ts);
    const isSilent = minuteOf(event.ts) <= minuteOf(lastAtMs);
    if (event.visit === undefined && !(isRunning && isSilent)) this.#tell?.({ visitor, visit, atMs: event.ts });
    return visit;
  }

  /** A visit that another process named. Of two that began at once the smaller one goes on, for all. */
  learn({ visitor, visit, atMs }: RunningVisit): void {
    const place = this.#visits.find(visitor);
    if (place === nowhere) {
      this.#begin(visitor, { id: '', visit, ts: atMs });
      return;
    }
    const lastAtMs = this.#lastAtMs(place);
    const own = uuidText(this.#visits.words, place);
    const newestMs = Math.max(lastAtMs, atMs);
    const isOfOneTime = Math.abs(atMs - lastAtMs) <= silenceMs;
    readUuidWords(visit, this.#named, 0);
    if (isOfOneTime ? visit <= own : atMs > lastAtMs) this.#set(place, newestMs);
    else if (isOfOneTime) this.#tell?.({ visitor, visit: own, atMs: newestMs });
  }

  #begin(visitor: string, event: VisitEvent): string {
    const visit = event.visit ?? derivedUuid('visit', visitor, event.id);
    readUuidWords(visit, this.#named, 0);
    this.#set(this.#visits.place(visitor), event.ts);
    if (event.visit === undefined) this.#tell?.({ visitor, visit, atMs: event.ts });
    return visit;
  }

  #lastAtMs(place: number): number {
    const { words } = this.#visits;
    return (words[place + timeAt] ?? 0) * wordSize + (words[place + timeAt + 1] ?? 0);
  }

  #isNamedAt(place: number): boolean {
    const { words } = this.#visits;
    return (
      words[place] === this.#named[0] &&
      words[place + 1] === this.#named[1] &&
      words[place + 2] === this.#named[2] &&
      words[place + 3] === this.#named[3]
    );
  }

  #set(place: number, atMs: number): void {
    for (let index = 0; index < timeAt; index += 1) this.#visits.words[place + index] = this.#named[index] ?? 0;
    this.#setTime(place, atMs);
  }

  #setTime(place: number, atMs: number): void {
    this.#visits.words[place + timeAt] = Math.floor(atMs / wordSize);
    this.#visits.words[place + timeAt + 1] = atMs % wordSize;
  }
}
