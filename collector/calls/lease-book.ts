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

/** What a visit got of a pool, and which leases are others now; undefined when no number was left. */
export type Taken = { readonly lease: NumberLease; readonly changed: readonly NumberLease[] } | undefined;

interface Slot {
  lease: NumberLease;
  /** The visit's last sign of life, or a later instant when it is not known. */
  seenMs: number;
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

  /** Goes on with the leases of an earlier process. */
  constructor(times: LeaseTimes, leases: readonly NumberLease[] = []) {
    this.#times = times;
    for (const lease of leases) this.#slots.set(lease.number, { lease, seenMs: lease.untilMs - times.holdMs });
  }

  /** Gives a visit the number that it has or had, else the one that has been free longest, else the one that is idle longest. */
  take(pool: DynamicPool, visit: string, visitor: string, nowMs: number): Taken {
    const own = this.#numberOf(pool, visit);
    const slot = own === undefined ? undefined : this.#slots.get(own);
    if (slot !== undefined && !this.#isFree(slot, nowMs) && slot.lease.fromMs <= nowMs)
      return this.#prolong(slot, nowMs);
    const number = own ?? this.#longestFree(pool.numbers, nowMs) ?? this.#longestIdle(pool.numbers, nowMs);
    if (number === undefined) return undefined;
    const former = this.#slots.get(number)?.lease;
    // Never with the beginning of an earlier lease.
    const fromMs = former?.fromMs === nowMs ? nowMs + 1 : nowMs;
    const lease = { pool: pool.name, number, visit, visitor, fromMs, untilMs: this.#latestEnd(nowMs), version: 1 };
    this.#slots.set(number, { lease, seenMs: nowMs });
    return { lease, changed: [...ended(former, nowMs), lease] };
  }

  /** Whether the visit has a number of the pool now. */
  has(pool: DynamicPool, visit: string, nowMs: number): boolean {
    const number = this.#numberOf(pool, visit);
    const slot = number === undefined ? undefined : this.#slots.get(number);
    return slot !== undefined && !this.#isFree(slot, nowMs);
  }

  /** Leases that have not ended. */
  held(nowMs: number): NumberLease[] {
    return [...this.#slots.values()].filter((slot) => !this.#isFree(slot, nowMs)).map(({ lease }) => lease);
  }

  #numberOf({ name, numbers }: DynamicPool, visit: string): string | undefined {
    return numbers.find((number) => {
      const lease = this.#slots.get(number)?.lease;
      return lease?.visit === visit && lease.pool === name;
    });
  }

  #prolong(slot: Slot, nowMs: number): Taken {
    slot.seenMs = nowMs;
    if (slot.lease.untilMs >= nowMs + this.#times.holdMs) return { lease: slot.lease, changed: [] };
    slot.lease = { ...slot.lease, untilMs: this.#latestEnd(nowMs), version: slot.lease.version + 1 };
    return { lease: slot.lease, changed: [slot.lease] };
  }

  #latestEnd(nowMs: number): number {
    return nowMs + this.#times.holdMs + leaseStepMs;
  }

  #isFree(slot: Slot, nowMs: number): boolean {
    // After the clock was set back, or the time to hold was made shorter, a lease would last longer than any can.
    const untilMs = Math.min(slot.lease.untilMs, this.#latestEnd(nowMs));
    if (untilMs < slot.lease.untilMs) slot.lease = { ...slot.lease, untilMs, version: slot.lease.version + 1 };
    slot.seenMs = Math.min(slot.seenMs, nowMs);
    return untilMs <= nowMs;
  }

  #longestFree(numbers: readonly string[], nowMs: number): string | undefined {
    const freeSinceMs = (number: string): number | undefined => {
      const slot = this.#slots.get(number);
      if (slot === undefined) return Number.NEGATIVE_INFINITY;
      return this.#isFree(slot, nowMs) ? slot.lease.untilMs : undefined;
    };
    return leastBy(numbers, freeSinceMs);
  }

  #longestIdle(numbers: readonly string[], nowMs: number): string | undefined {
    const idleSinceMs = (number: string): number | undefined => {
      const seenMs = this.#slots.get(number)?.seenMs ?? nowMs;
      return nowMs - seenMs >= this.#times.minHoldMs ? seenMs : undefined;
    };
    return leastBy(numbers, idleSinceMs);
  }
}

/** A lease that is cut short says so; one that would only begin, because the clock was set back since, never was. */
function ended(former: NumberLease | undefined, nowMs: number): NumberLease[] {
  if (former === undefined || (former.untilMs <= nowMs && former.fromMs <= nowMs)) return [];
  return [{ ...former, untilMs: Math.max(nowMs, former.fromMs), version: former.version + 1 }];
}

/** The value of which `of` says the least; those of which it says nothing are left out. */
function leastBy<Value>(values: readonly Value[], of: (value: Value) => number | undefined): Value | undefined {
  let least: { value: Value; said: number } | undefined;
  for (const value of values) {
    const said = of(value);
    if (said !== undefined && (least === undefined || said < least.said)) least = { value, said };
  }
  return least?.value;
}
