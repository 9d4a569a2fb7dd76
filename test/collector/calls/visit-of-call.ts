import type { NumberLease } from '../../../domain/number-lease.ts';

/** Whose call it was by all that was ever said of leases, in any order: the query of `docs/call-tracking.md` as a function. */
export function visitOfCall(said: readonly NumberLease[], number: string, atMs: number): NumberLease | undefined {
  const newest = new Map<string, NumberLease>();
  for (const lease of said) {
    const key = `${lease.number} ${lease.fromMs} ${lease.visit}`;
    if (lease.number === number && lease.version >= (newest.get(key)?.version ?? 0)) newest.set(key, lease);
  }
  const begun = [...newest.values()].filter(({ fromMs }) => fromMs <= atMs);
  const last = begun.sort((one, other) => other.version - one.version)[0];
  return last !== undefined && atMs < last.untilMs ? last : undefined;
}
