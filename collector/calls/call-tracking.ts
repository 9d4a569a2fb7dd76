import type { NumberLease } from '../../domain/number-lease.ts';
import type { Clock } from '../../domain/time.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Spool } from '../spool.ts';
import { BegunVisits } from './begun-visits.ts';
import { type LandingPools, type LandingSettings, landingPools } from './landing-pools.ts';
import { LeaseBook, type LeaseTimes, leaseStepMs } from './lease-book.ts';
import { type LeaseState, type LeaseStore, noLeases } from './lease-file.ts';
import { LeaseJournal } from './lease-journal.ts';
import { type CallNumbers, type NumberAsk, type ReplacedNumbers, withCountry } from './number-ask.ts';
import { isFor, type NumberPool } from './number-pool.ts';
import { type ShortageCounts, withShortage } from './shortages.ts';

export interface CallTrackingSettings extends LandingSettings, LeaseTimes {}

export interface CallTrackingOptions {
  readonly project: string;
  readonly settings: CallTrackingSettings;
  readonly store: LeaseStore;
  readonly spool: Pick<Spool, 'append'>;
  readonly clock: Clock;
  readonly logger: WarehouseLogger;
}

/** The file of leases cannot be read; the message names it and says what to do. */
export class LeaseFileError extends Error {
  override readonly name = 'LeaseFileError';
}

/** Numbers that may be replaced on pages, by any pool. */
export const replacedBy = (pools: readonly NumberPool[]): ReadonlySet<string> =>
  new Set(pools.flatMap(({ replace }) => replace));

/** Opens call tracking, of which a project has one, whoever asks it. Throws LeaseFileError. */
export async function openCallTracking(options: CallTrackingOptions): Promise<CallTracking> {
  const { store, clock, settings, logger } = options;
  const read = await store.read();
  if (read.ok) return new CallTracking(options, read.value, 0);
  if (read.problem.reason === 'unreadable') {
    throw new LeaseFileError(
      `${store.path}, the leases of call tracking, cannot be read (${read.problem.detail}): mend its rights, or the disk. If it is lost, delete it while throughline does not run, and start it again when no visit of before is left.`,
    );
  }
  // Its leases are not known, and must not be given twice: they end by themselves.
  const leasesFromMs = clock.now() + settings.holdMs + leaseStepMs;
  logger.warn(
    { file: store.path, leasesFrom: new Date(leasesFromMs).toISOString() },
    'the leases of numbers are lost: none is given until they have ended',
  );
  return new CallTracking(options, noLeases, leasesFromMs);
}

const maxMissed = 100_000;

export class CallTracking implements CallNumbers {
  readonly replaced: ReadonlySet<string>;
  readonly landingPools: LandingPools;
  readonly #settings: CallTrackingSettings;
  readonly #clock: Clock;
  readonly #book: LeaseBook;
  readonly #journal: LeaseJournal;
  readonly #leasesFromMs: number;
  readonly #begun = new BegunVisits();
  /** Visits and pools that had no number for them: each counts once. */
  readonly #missed = new BoundedMap<string, true>(maxMissed);
  #shortages: ShortageCounts;

  constructor(options: CallTrackingOptions, { leases, shortages }: LeaseState, leasesFromMs: number) {
    const { settings, clock } = options;
    this.#settings = settings;
    this.#clock = clock;
    this.#shortages = shortages;
    this.#leasesFromMs = leasesFromMs;
    this.#book = new LeaseBook(settings, leases);
    this.#journal = new LeaseJournal({ ...options, state: () => this.#state() });
    // The last process may have died before they were rows; repeated rows are one.
    this.#journal.note(leases);
    this.replaced = replacedBy(settings.pools);
    this.landingPools = landingPools(settings);
  }

  visitBegan(visit: string, pools: readonly string[]): void {
    this.#begun.note(visit, pools);
  }

  async numbersFor(ask: NumberAsk): Promise<ReplacedNumbers> {
    const bySource = this.#bySource(ask);
    const found = ask.numbers.flatMap((asked) => {
      const number = this.#numberFor(withCountry(asked), ask, bySource);
      return number === undefined ? [] : [{ asked, ...number }];
    });
    const isKept = ({ lease }: FoundNumber): boolean => lease === undefined || this.#journal.isKept(lease);
    if (!found.every(isKept)) await this.#journal.keep();
    return Object.fromEntries(found.filter(isKept).map(({ asked, number }) => [asked, number]));
  }

  /** Writes down what waits for it. */
  stop(): Promise<void> {
    return this.#journal.keep();
  }

  #bySource({ visit, pools }: NumberAsk): readonly string[] | undefined {
    if (visit === undefined) return pools;
    if (pools !== undefined) this.#begun.note(visit, pools);
    return this.#begun.poolsOf(visit);
  }

  #numberFor(digits: string, ask: NumberAsk, bySource: readonly string[] | undefined): FoundNumber | undefined {
    for (const pool of this.#settings.pools) {
      if (!pool.replace.includes(digits)) continue;
      const isForVisit = isFor(pool, ask.site, bySource);
      const found = pool.kind === 'static' ? staticNumber(pool, isForVisit) : this.#lease(pool, ask, isForVisit);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #lease(
    pool: NumberPool,
    { visit, visitor, countedAs, isRobot }: NumberAsk,
    isForVisit: boolean,
  ): FoundNumber | undefined {
    const nowMs = this.#clock.now();
    if (visit === undefined || visitor === undefined || isRobot || nowMs < this.#leasesFromMs) return undefined;
    // Who has a number keeps it, also when a restart forgot where the visit came from.
    if (!isForVisit && !this.#book.has(pool, visit, nowMs)) return undefined;
    const { lease, changed } = this.#book.take(pool, { visit, visitor, countedAs, nowMs });
    this.#journal.note(changed);
    if (lease !== undefined) return { number: lease.number, lease };
    this.#miss(pool, visit, nowMs);
    return undefined;
  }

  #miss({ name }: NumberPool, visit: string, nowMs: number): void {
    const key = `${name} ${visit}`;
    if (this.#missed.get(key)) return;
    this.#missed.set(key, true);
    this.#shortages = withShortage(this.#shortages, name, nowMs);
    void this.#journal.keep();
  }

  #state(): LeaseState {
    return { leases: this.#book.leases(), shortages: this.#shortages };
  }
}

interface FoundNumber {
  readonly number: string;
  readonly lease?: NumberLease;
}

function staticNumber({ numbers }: NumberPool, isForVisit: boolean): FoundNumber | undefined {
  const number = isForVisit ? numbers[0] : undefined;
  return number === undefined ? undefined : { number };
}
