import type { NumberLease } from '../../domain/number-lease.ts';

export interface LeaseTimes {
  /** How long a number is held at least after the visit's last sign of life. */
  readonly holdMs: number;
  /** How long it is held at least when others wait. */
  readonly minHoldMs: number;
}

export interface DynamicPool {
  readonly name: string;
  readonly numbers: readonly string[];
}

/** Who asks for a number. */
export interface Asking {
  readonly visit: string;
  readonly visitor: string;
  /** Those who are counted as one leave numbers for others; undefined: it is not counted. */
  readonly countedAs: string | undefined;
  readonly nowMs: number;
}

/** What a visit got of a pool, undefined when no number was left for it, and which leases are others now. */
export interface Taken {
  readonly lease: NumberLease | undefined;
  readonly changed: readonly NumberLease[];
}

interface Slot {
  lease: NumberLease;
  /** The visit's last sign of life, or a later instant when it is not known. */
  seenMs: number;
  /** Whoever asked last; undefined when it is not counted, or not known since a restart. */
  countedAs: string | undefined;
}

/** Leases are prolonged in steps, so that not every sign of life is written down. */
export const leaseStepMs = 60_000;

/**
 * Which number is whose. A number has one slot and a slot one lease, so that no number ever has two visits. It only decides: its user
 * writes changed leases down before anybody hears of them.
 */
export class LeaseBook {
  readonly #times: LeaseTimes;
  readonly #slots = new Map<string, Slot>();
  #lastMs = Number.POSITIVE_INFINITY;

  /** Goes on with the leases of an earlier process. */
  constructor(times: LeaseTimes, leases: readonly NumberLease[] = []) {
    this.#times = times;
    for (const lease of leases)
      this.#slots.set(lease.number, { lease, seenMs: lease.untilMs - times.holdMs, countedAs: undefined });
  }

  /**
   * Gives a visit the number that it has or had, else the one that has been free longest, else the one that is idle longest. A free one only
   * while more are free than those who are counted as one with it hold: they never leave nothing for others.
   */
  take({ name, numbers }: DynamicPool, asking: Asking): Taken {
    const { visit, visitor, countedAs, nowMs } = asking;
    const shortened = this.#shortenAfterSetBack(nowMs);
    const own = this.#numberOf({ name, numbers }, visit);
    const slot = own === undefined ? undefined : this.#slots.get(own);
    const isHeld = slot !== undefined && isTaken(slot, nowMs);
    if (isHeld && slot.lease.fromMs <= nowMs)
      return { lease: slot.lease, changed: shortened.concat(this.#prolong(slot, asking)) };
    const number = isHeld ? own : this.#choose(numbers, own, asking);
    if (number === undefined) return { lease: undefined, changed: shortened };
    const former = this.#slots.get(number)?.lease;
    const version = nextVersion(former, nowMs);
    const untilMs = this.#latestEnd(nowMs);
    const cut = ended(former, nowMs, version);
    const lease = { pool: name, number, visit, visitor, fromMs: nowMs, untilMs, version: version + cut.length };
    this.#slots.set(number, { lease, seenMs: nowMs, countedAs });
    return { lease, changed: [...shortened, ...cut, lease] };
  }

  /** Whether the visit has a number of the pool now. */
  has(pool: DynamicPool, visit: string, nowMs: number): boolean {
    const number = this.#numberOf(pool, visit);
    const slot = number === undefined ? undefined : this.#slots.get(number);
    return slot !== undefined && isTaken(slot, nowMs);
  }

  /** The last lease of each number, so that the next one of it is known to be later whatever the clock says. */
  leases(): NumberLease[] {
    return [...this.#slots.values()].map(({ lease }) => lease);
  }

  #numberOf({ name, numbers }: DynamicPool, visit: string): string | undefined {
    return numbers.find((number) => {
      const lease = this.#slots.get(number)?.lease;
      return lease?.visit === visit && lease.pool === name;
    });
  }

  #prolong(slot: Slot, { nowMs, countedAs }: Asking): NumberLease[] {
    slot.seenMs = nowMs;
    slot.countedAs = countedAs;
    if (slot.lease.untilMs >= nowMs + this.#times.holdMs) return [];
    slot.lease = { ...slot.lease, untilMs: this.#latestEnd(nowMs), version: nextVersion(slot.lease, nowMs) };
    return [slot.lease];
  }

  #latestEnd(nowMs: number): number {
    return nowMs + this.#times.holdMs + leaseStepMs;
  }

  /** After the clock was set back, or the time to hold was made shorter, a lease would last longer than any can. */
  #shortenAfterSetBack(nowMs: number): NumberLease[] {
    const isSetBack = nowMs < this.#lastMs;
    this.#lastMs = nowMs;
    const untilMs = this.#latestEnd(nowMs);
    const changed: NumberLease[] = [];
    for (const slot of isSetBack ? this.#slots.values() : []) {
      slot.seenMs = Math.min(slot.seenMs, nowMs);
      if (slot.lease.untilMs <= untilMs) continue;
      slot.lease = { ...slot.lease, untilMs, version: nextVersion(slot.lease, nowMs) };
      changed.push(slot.lease);
    }
    return changed;
  }

  #choose(numbers: readonly string[], own: string | undefined, { countedAs, nowMs }: Asking): string | undefined {
    const taken = numbers.flatMap((number) => {
      const slot = this.#slots.get(number);
      return slot !== undefined && isTaken(slot, nowMs) ? [slot] : [];
    });
    const held = countsOf(taken);
    const holds = held.get(countedAs) ?? 0;
    const free = numbers.length - taken.length;
    if (free > 0) return holds < free ? (own ?? this.#longestFree(numbers, nowMs)) : undefined;
    const mayTake = (slot: Slot): boolean => slot.countedAs === countedAs || holds < (held.get(slot.countedAs) ?? 1);
    const isIdle = ({ seenMs }: Slot): boolean => nowMs - seenMs >= this.#times.minHoldMs;
    return leastBy(
      taken.filter((slot) => isIdle(slot) && mayTake(slot)),
      ({ seenMs }) => seenMs,
    )?.lease.number;
  }

  #longestFree(numbers: readonly string[], nowMs: number): string | undefined {
    const free = numbers.filter((number) => {
      const slot = this.#slots.get(number);
      return slot === undefined || !isTaken(slot, nowMs);
    });
    return leastBy(free, (number) => this.#slots.get(number)?.lease.untilMs ?? Number.NEGATIVE_INFINITY);
  }
}

/** How many numbers those hold who are counted as one; who is not counted holds one and asks for its first. */
function countsOf(taken: readonly Slot[]): ReadonlyMap<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const { countedAs } of taken)
    if (countedAs !== undefined) counts.set(countedAs, (counts.get(countedAs) ?? 0) + 1);
  return counts;
}

const isTaken = ({ lease }: Slot, nowMs: number): boolean => lease.untilMs > nowMs;

/** Of all that is said of a number the last word has the greatest version, also when a file was lost and the next process does not know the earlier ones. */
const nextVersion = (former: NumberLease | undefined, nowMs: number): number =>
  Math.max((former?.version ?? 0) + 1, Math.floor(nowMs / 1000));

/** A lease that is cut short says so; one that would only begin, because the clock was set back since, never was. */
function ended(former: NumberLease | undefined, nowMs: number, version: number): NumberLease[] {
  if (former === undefined || (former.untilMs <= nowMs && former.fromMs <= nowMs)) return [];
  return [{ ...former, untilMs: Math.max(nowMs, former.fromMs), version }];
}

/** The value of which `of` says the least. */
function leastBy<Value>(values: readonly Value[], of: (value: Value) => number): Value | undefined {
  let least: { value: Value; said: number } | undefined;
  for (const value of values) {
    const said = of(value);
    if (least === undefined || said < least.said) least = { value, said };
  }
  return least?.value;
}
