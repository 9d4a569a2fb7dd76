import type { ContactHasher } from '../../domain/contact.ts';
import type { Clock } from '../../domain/time.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Retry } from '../http.ts';
import type { Logger } from '../logger.ts';
import type { BackOff } from '../retry.ts';
import type { Sleep } from '../sleep.ts';
import type { SourceDefinition } from '../source.ts';

/** A source of the configuration with its settings read. */
export interface ConfiguredSource {
  readonly id: string;
  readonly definition: SourceDefinition;
  readonly settings: unknown;
  /** Cron pattern in the project's time zone; without it the source is read on command only. */
  readonly schedule?: string;
}

export interface PullDeps {
  readonly warehouse: Warehouse;
  readonly project: string;
  readonly timezone: string;
  readonly currency: string;
  readonly hasher: ContactHasher;
  /** Whether payloads keep plain phones, e-mails and names. */
  readonly storeContacts: boolean;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  readonly backOff?: BackOff;
  readonly onProgress?: (progress: PullProgress) => void;
  /** Told before each wait for a source that does not answer or asks to wait. */
  readonly onRetry?: (retry: PullRetry) => void;
}

export interface PullRetry extends Retry {
  readonly source: string;
}

export interface PullProgress {
  readonly source: string;
  readonly stream: string;
  /** Rows read so far. */
  readonly done: number;
  readonly total?: number;
}

/** What the parts of one stream's pull share. */
export interface StreamPull {
  readonly deps: PullDeps;
  readonly sourceId: string;
  readonly stream: string;
  readonly entity: string;
  readonly runNo: number;
  /** Masks the source's secrets in whatever is stored. */
  readonly redact: (text: string) => string;
}

/** The names of batches are insert tokens: two projects must not share one. */
export const batchPrefix = (pull: { readonly deps: { readonly project: string }; readonly sourceId: string }): string =>
  `pull-${pull.deps.project}-${pull.sourceId}-`;
