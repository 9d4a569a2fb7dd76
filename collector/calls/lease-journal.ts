import type { NumberLease } from '../../domain/number-lease.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { instantWriter } from '../collect/instant-text.ts';
import type { Spool } from '../spool.ts';
import type { LeaseState, LeaseStore } from './lease-file.ts';

export interface LeaseJournalOptions {
  readonly project: string;
  readonly store: LeaseStore;
  readonly spool: Pick<Spool, 'append'>;
  readonly logger: WarehouseLogger;
  /** All leases as they are at this moment. */
  readonly state: () => LeaseState;
}

/**
 * Writes leases down: into the file that the next process goes on with, and then as rows for the database. In this order, so that the
 * number of a row is held by its visit whatever happens in between; what did not become a row yet is told again at the next start.
 */
export class LeaseJournal {
  readonly #options: LeaseJournalOptions;
  /** What is not on disk yet, the newest of each lease. */
  readonly #noted = new Map<string, NumberLease>();
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: LeaseJournalOptions) {
    this.#options = options;
  }

  note(leases: readonly NumberLease[]): void {
    for (const lease of leases) this.#noted.set(keyOf(lease), lease);
  }

  /** Whether everything that was noted of a lease is on disk. */
  isKept(lease: NumberLease): boolean {
    return !this.#noted.has(keyOf(lease));
  }

  /** Tries to write what was noted before; what comes meanwhile goes into the next write together. */
  keep(): Promise<void> {
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      this.#writing = this.#write();
      return this.#writing;
    });
    return this.#next;
  }

  async #write(): Promise<void> {
    const { store, spool, state } = this.#options;
    const noted = [...this.#noted.entries()];
    const written = await store.write(state()).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (written !== undefined) return this.#tell(written);
    const lines = noted.map(([, lease]) => toLeaseLine(lease, this.#options.project));
    const appended = await spool.append('leases', lines);
    this.#tell(appended.ok ? undefined : appended.problem.detail);
    if (!appended.ok) return;
    for (const [key, lease] of noted) if (this.#noted.get(key) === lease) this.#noted.delete(key);
  }

  #tell(problem: string | undefined): void {
    const wasFailing = this.#isFailing;
    this.#isFailing = problem !== undefined;
    if (problem === undefined || wasFailing) return;
    const { store, logger } = this.#options;
    logger.error(
      { file: store.path, problem },
      'leases of numbers cannot be written: pages keep their own numbers until the disk is mended',
    );
  }
}

const keyOf = ({ number, fromMs, visit }: NumberLease): string => `${number} ${fromMs} ${visit}`;

const instant = instantWriter();

/** A row of `number_leases` as a line of JSON but for its batch. */
function toLeaseLine(lease: NumberLease, project: string): string {
  return JSON.stringify({
    project,
    pool: lease.pool,
    number: lease.number,
    visit_id: lease.visit,
    visitor_id: lease.visitor,
    leased_at: instant(lease.fromMs),
    held_until: instant(lease.untilMs),
    version: lease.version,
  });
}
