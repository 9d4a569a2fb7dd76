import { type CallTrackingSettings, openCallTracking } from '../../../collector/calls/call-tracking.ts';
import { type LeaseState, type LeaseStore, noLeases } from '../../../collector/calls/lease-file.ts';
import type { NumberAsk } from '../../../collector/calls/number-ask.ts';
import type { NumberPool } from '../../../collector/calls/number-pool.ts';
import { landingRules } from '../../../domain/channel/landing-rules.ts';
import type { NumberLease } from '../../../domain/number-lease.ts';
import { failed, ok } from '../../../domain/result.ts';
import { silentLogger } from '../../../warehouse/logger.ts';
import { fakeClock } from '../support/test-collector.ts';

export const minuteMs = 60_000;
export const shopNumber = '74951234567';

/** Numbers of a dynamic pool: 74950000001, 74950000002… */
export const numbersOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(74_950_000_001 + index));

export const dynamicPool = (count: number, more: Partial<NumberPool> = {}): NumberPool => ({
  name: 'main',
  kind: 'dynamic',
  replace: [shopNumber],
  numbers: numbersOf(count),
  ...more,
});

export const staticPool = (number: string, more: Partial<NumberPool> = {}): NumberPool => ({
  name: `static ${number}`,
  kind: 'static',
  replace: [shopNumber],
  numbers: [number],
  ...more,
});

export const settingsOf = (...pools: NumberPool[]): CallTrackingSettings => ({
  pools,
  holdMs: 30 * minuteMs,
  minHoldMs: 5 * minuteMs,
  landing: landingRules(['shop.example'], []),
  sourceAliases: {},
});

export const askOf = (visit: string | undefined, more: Partial<NumberAsk> = {}): NumberAsk => ({
  site: 'demo',
  numbers: [shopNumber],
  visit,
  visitor: visit === undefined ? undefined : `visitor of ${visit}`,
  pools: undefined,
  countedAs: visit === undefined ? undefined : `address of ${visit}`,
  isRobot: false,
  ...more,
});

/** Where a write can end for ever: the process dies there. */
export type DeathPlace = 'before the file' | 'after the file' | 'after the rows';

/** The disk under call tracking, in memory: it outlives the processes that use it. */
export class FakeDisk implements LeaseStore {
  readonly path = 'number-leases.json';
  state: LeaseState = noLeases;
  /** Every row that was ever written. */
  readonly rows: NumberLease[] = [];
  /** What the disk refuses. */
  refuses: 'nothing' | 'the file' | 'the rows' = 'nothing';
  diesAt: DeathPlace | undefined;
  isSpoilt = false;

  async read() {
    return this.isSpoilt ? failed('spoilt', this.path, 'not JSON') : ok(structuredClone(this.state));
  }

  async write(state: LeaseState): Promise<void> {
    if (this.refuses === 'the file') throw new Error('ENOSPC');
    const written = structuredClone(state);
    await this.#maybeDie('before the file');
    this.state = written;
    await this.#maybeDie('after the file');
  }

  async append(_stream: string, lines: readonly string[]) {
    if (this.refuses === 'the rows') return failed('disk_full', 'spool', 'full');
    this.rows.push(...lines.map(toLease));
    await this.#maybeDie('after the rows');
    return ok(undefined);
  }

  /** A call that never comes back. */
  #maybeDie(place: DeathPlace): Promise<void> {
    return this.diesAt === place ? new Promise(() => undefined) : Promise.resolve();
  }
}

function toLease(line: string): NumberLease {
  const row = JSON.parse(line);
  const [fromMs, untilMs] = [Date.parse(row.leased_at), Date.parse(row.held_until)];
  return {
    pool: row.pool,
    number: row.number,
    visit: row.visit_id,
    visitor: row.visitor_id,
    fromMs,
    untilMs,
    version: row.version,
  };
}

/** Call tracking on a fake disk with a fake clock. */
export function trackingWorld(settings: CallTrackingSettings) {
  const disk = new FakeDisk();
  const clock = fakeClock();
  const open = () =>
    openCallTracking({ project: 'shop', settings, store: disk, spool: disk, clock, logger: silentLogger });
  return { disk, clock, open };
}
