/** A number of call tracking given to a visit, or what is said anew of one. Beginning, number and visit are what a lease is known by. */
export interface NumberLease {
  readonly pool: string;
  /** Digits with the country, without a plus. */
  readonly number: string;
  /** The visit as the collector answered it. */
  readonly visit: string;
  readonly visitor: string;
  readonly fromMs: number;
  /** It ends here, or before, where the next lease of the number begins. Not after `fromMs`: there never was one. */
  readonly untilMs: number;
  /** Counts up; the greatest of what is said of a lease holds. */
  readonly version: number;
}

/**
 * The lease that a number stood under at an instant: whose call it was. Undefined when nobody's. A number is with the lease that began last,
 * so that no two can overlap, whatever they say of their ends. The order of the leases is of no matter. Pure.
 */
export function visitOfCall<Lease extends NumberLease>(
  leases: readonly Lease[],
  number: string,
  atMs: number,
): Lease | undefined {
  const said = leases.filter((lease) => lease.number === number && lease.fromMs <= atMs);
  const newest = said.filter((lease) => !said.some((other) => isSame(lease, other) && other.version > lease.version));
  let last: Lease | undefined;
  for (const lease of newest) {
    if (lease.untilMs > lease.fromMs && (last === undefined || beganLater(lease, last))) last = lease;
  }
  return last !== undefined && atMs < last.untilMs ? last : undefined;
}

const isSame = (lease: NumberLease, other: NumberLease): boolean =>
  lease.fromMs === other.fromMs && lease.visit === other.visit;

const beganLater = (lease: NumberLease, other: NumberLease): boolean =>
  lease.fromMs > other.fromMs || (lease.fromMs === other.fromMs && lease.visit > other.visit);
