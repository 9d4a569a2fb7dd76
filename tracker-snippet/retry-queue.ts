import type { Parcel } from './batch.ts';
import { readLocal, writeLocal } from './storage.ts';

interface Waiting extends Parcel {
  /** Until then some tab has it on its way, and no other sends it. */
  leasedUntilMs: number;
}

const key = 'tl_queue';
const maxWaiting = 200;
const maxAgeMs = 7 * 86_400_000;
export const leaseMs = 30_000;

function readAll(): Waiting[] {
  try {
    const kept: unknown = JSON.parse(readLocal(key) || '[]');
    return Array.isArray(kept) ? kept.filter((entry) => entry.event.ts > Date.now() - maxAgeMs) : [];
  } catch {
    return [];
  }
}

const writeAll = (waiting: Waiting[]): void => writeLocal(key, JSON.stringify(waiting.slice(-maxWaiting)));

function without(waiting: Waiting[], parcels: Parcel[]): Waiting[] {
  const ids = new Set(parcels.map((parcel) => parcel.event.id));
  return waiting.filter((entry) => !ids.has(entry.event.id));
}

/** Keeps parcels, the newest 200 of at most 7 days, for this or a later page of the origin; leased while on their way. */
export function keepWaiting(parcels: Parcel[], leasedUntilMs = 0): void {
  const added = parcels.map((parcel) => Object.assign({ leasedUntilMs }, parcel));
  writeAll(without(readAll(), parcels).concat(added));
}

export function forget(parcels: Parcel[]): void {
  const waiting = readAll();
  const left = without(waiting, parcels);
  if (left.length < waiting.length) writeAll(left);
}

/** Takes what is nobody's at the moment and leases it; `left` says whether others hold some more. */
export function takeWaiting(): { parcels: Parcel[]; left: boolean } {
  const waiting = readAll();
  const free = waiting.filter((entry) => entry.leasedUntilMs < Date.now());
  const parcels = free.map(({ visitor, event }) => ({ visitor, event }));
  if (parcels.length) keepWaiting(parcels, Date.now() + leaseMs);
  return { parcels, left: free.length < waiting.length };
}
