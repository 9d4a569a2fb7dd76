import { classify, type SourceAliases } from '../../domain/channel/classify.ts';
import type { NumberLease } from '../../domain/number-lease.ts';
import type { Clock } from '../../domain/time.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Spool } from '../spool.ts';
import { type LandingRules, landingMarks } from './landing-marks.ts';
import { LeaseBook, type LeaseTimes, leaseStepMs } from './lease-book.ts';
import { type LeaseState, type LeaseStore, noLeases } from './lease-file.ts';
import { LeaseJournal } from './lease-journal.ts';
import { type CallNumbers, type NumberAsk, type ReplacedNumbers, withCountry } from './number-ask.ts';
import { isFor, type NumberPool, type VisitSource } from './number-pool.ts';
import { type ShortageCounts, withShortage } from './shortages.ts';

export interface CallTrackingSettings extends LeaseTimes {
  /** Of those that are for a visit the first that has a number for it gives it. */
  readonly pools: readonly NumberPool[];
  readonly landing: LandingRules;
  readonly sourceAliases: SourceAliases;
}

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

const maxVisits = 100_000;

/** What is known of a visit that asked. */
interface KnownVisit {
  source: VisitSource | undefined;
  /** Pools that had no number for it: each counts once. */
  readonly missed: Set<string>;
}

export class CallTracking implements CallNumbers {
  readonly replaced: ReadonlySet<string>;
  readonly #settings: CallTrackingSettings;
  readonly #clock: Clock;
  readonly #book: LeaseBook;
  readonly #journal: LeaseJournal;
  readonly #leasesFromMs: number;
  readonly #visits = new BoundedMap<string, KnownVisit>(maxVisits);
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
  }

  async numbersFor(ask: NumberAsk): Promise<ReplacedNumbers> {
    const visit = this.#knownVisit(ask);
    const found = ask.numbers.flatMap((asked) => {
      const number = this.#numberFor(withCountry(asked), ask, visit);
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

  #numberFor(digits: string, ask: NumberAsk, visit: KnownVisit): FoundNumber | undefined {
    for (const pool of this.#settings.pools) {
      if (!pool.replace.includes(digits)) continue;
      const found = pool.kind === 'static' ? staticNumber(pool, ask, visit) : this.#lease(pool, ask, visit);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #lease(
    pool: NumberPool,
    { site, visit: id, visitor, isRobot }: NumberAsk,
    visit: KnownVisit,
  ): FoundNumber | undefined {
    const nowMs = this.#clock.now();
    if (id === undefined || visitor === undefined || isRobot || nowMs < this.#leasesFromMs) return undefined;
    // Who has a number keeps it, also when a restart forgot where the visit came from.
    if (!this.#book.has(pool, id, nowMs) && !isFor(pool, site, visit.source)) return undefined;
    const taken = this.#book.take(pool, id, visitor, nowMs);
    if (taken === undefined) {
      this.#miss(pool, visit, nowMs);
      return undefined;
    }
    this.#journal.note(taken.changed);
    return { number: taken.lease.number, lease: taken.lease };
  }

  #miss({ name }: NumberPool, { missed }: KnownVisit, nowMs: number): void {
    if (missed.has(name)) return;
    missed.add(name);
    this.#shortages = withShortage(this.#shortages, name, nowMs);
    void this.#journal.keep();
  }

  /** A visit is classified when it is met first; a page inside the visit does not know where it came from. */
  #knownVisit(ask: NumberAsk): KnownVisit {
    const known = ask.visit === undefined ? undefined : this.#visits.get(ask.visit);
    if (known?.source !== undefined) return known;
    const source = this.#sourceOf(ask);
    if (known !== undefined) {
      known.source = source;
      return known;
    }
    const visit = { source, missed: new Set<string>() };
    if (ask.visit !== undefined) this.#visits.set(ask.visit, visit);
    return visit;
  }

  #sourceOf({ url, referrer }: NumberAsk): VisitSource | undefined {
    const marks = landingMarks(url, referrer, this.#settings.landing);
    if (marks === undefined) return undefined;
    return { ...classify(marks, this.#settings.sourceAliases), campaign: marks.utm_campaign };
  }

  #state(): LeaseState {
    const leases = this.#book.held(this.#clock.now());
    return { leases, shortages: this.#shortages };
  }
}

interface FoundNumber {
  readonly number: string;
  readonly lease?: NumberLease;
}

function staticNumber(pool: NumberPool, { site }: NumberAsk, { source }: KnownVisit): FoundNumber | undefined {
  const number = isFor(pool, site, source) ? pool.numbers[0] : undefined;
  return number === undefined ? undefined : { number };
}
