import { attempt } from './safely.ts';
import { read, write } from './storage.ts';
import type { WireEvent } from './wire-event.ts';

/** An event with the visitor it belongs to: it may wait for days, and the visitor may be another one by then. */
export interface Parcel {
  /** Undefined where the person is not told. */
  visitor: string | undefined;
  event: WireEvent;
  /** Until then, in milliseconds, some tab has it on its way, and no other sends it; below zero when nobody has tried. */
  lease: number;
}

const key = 'tl_queue';
const maxWaiting = 200;
const maxAgeMs = 7 * 86_400_000;

/** What waits for the collector or for its answer: the newest 200 of at most 7 days, shared by the tabs of the origin. */
export const readQueue = (): Parcel[] =>
  attempt(() => (JSON.parse(read(key) || '[]') as Parcel[]).filter(({ event }) => event.ts > Date.now() - maxAgeMs)) ||
  [];

export const writeQueue = (parcels: Parcel[]): void => write(key, JSON.stringify(parcels.slice(-maxWaiting)));
