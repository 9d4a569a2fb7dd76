import type { WireEvent } from './wire-event.ts';

/** An event with the visitor it belongs to: it may wait for days, and the visitor may be another one by then. */
export interface Parcel {
  visitor: string;
  event: WireEvent;
}

export interface Batch {
  visitor: string;
  parcels: Parcel[];
  body: string;
}

const maxEvents = 100;
// The collector takes 64 KiB; the rest is room for the envelope.
const maxBytes = 60_000;

/** Splits parcels, in their order, into bodies the collector takes. An event too big for any body is left out. */
export function toBatches(site: string, parcels: Parcel[]): Batch[] {
  const batches: Batch[] = [];
  let bytes = 0;
  let parts: string[] = [];
  for (const parcel of parcels) {
    const part = JSON.stringify(parcel.event);
    const size = new Blob([part]).size + 1;
    if (size > maxBytes) continue;
    let batch = batches[batches.length - 1];
    if (!batch || batch.visitor !== parcel.visitor || parts.length >= maxEvents || bytes + size > maxBytes) {
      batch = { visitor: parcel.visitor, parcels: [], body: '' };
      batches.push(batch);
      parts = [];
      bytes = 0;
    }
    parts.push(part);
    bytes += size;
    batch.parcels.push(parcel);
    batch.body = `{"site":${JSON.stringify(site)},"visitor":"${batch.visitor}","events":[${parts}]}`;
  }
  return batches;
}
