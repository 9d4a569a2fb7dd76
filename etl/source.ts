import type { z } from 'zod';
import type { RecordEntity, RecordInput } from '../domain/record/index.ts';
import type { Problem } from '../domain/result.ts';
import type { Clock } from '../domain/time.ts';
import type { HttpClient } from './http.ts';
import type { Logger } from './logger.ts';
import type { RateLimit } from './rate-limit.ts';

/** A connector: a checked literal that says what a system offers and how to read it. */
export interface SourceDefinition<Settings = unknown> {
  /** Name in the configuration file: `bitrix24`. */
  readonly type: string;
  readonly title: { readonly en: string; readonly ru: string };
  /** The vendor's page about what is read. */
  readonly docs: string;
  /** Its payments are the shop's revenue, as those of an accounting system are; absent for what knows deals or spend alone. */
  readonly isAccounting?: true;
  /** Strict object; every field is described, because the descriptions are the documentation of the settings. */
  readonly settings: z.ZodType<Settings>;
  /** Texts that must appear in no log and no error: tokens, passwords, the path of a webhook. */
  secrets(settings: Settings): readonly string[];
  /** What the vendor allows, by plan where plans differ; all streams of one source share it. */
  rate(settings: Settings): RateLimit;
  readonly streams: readonly Stream<Settings>[];
}

/** One kind of thing a source holds. Reading does the requests; mapping is pure. */
export interface Stream<Settings, Raw = unknown, Lookups = unknown> {
  readonly name: string;
  readonly entity: RecordEntity;
  /** Field of Raw that is the record's id, for the documentation and the contract test. */
  readonly key: string;
  /** How the stream knows what is new: by the source's own modification time, by days read again, or by reading all. */
  readonly cursor: 'updated_at' | 'window' | 'full';
  /** `replace_window`: records of the days covered that did not come this time are marked deleted (entity `cost` only). */
  readonly writeMode: 'merge' | 'replace_window';
  /**
   * Each row is the whole of what its key names: its records have the ids `<key>` and `<key>:<part>`, and those of ours that it
   * does not give any more are marked deleted, however long ago it gave them. The ids of `present` are keys then.
   */
  readonly hasParts?: true;
  read(context: ReadContext<Settings>): AsyncIterable<Page<Raw, Lookups>>;
  /** One raw row may give several records, or none. Pure: the same row gives the same records for ever. */
  toRecords(raw: Raw, context: MapContext<Settings, Lookups>): readonly Mapped[];
}

export interface Page<Raw, Lookups = unknown> {
  readonly rows: readonly Raw[];
  /** Dictionaries for `toRecords`, plain data; what the last page that had them gave stays in force. */
  readonly lookups?: Lookups;
  /** JSON; saved after the page is written. Without it the cursor stays where it was. */
  readonly nextCursor?: string;
  readonly progress?: { readonly done: number; readonly total?: number };
  /** `replace_window`: local days, both included, wholly covered by the pages since the last page with a window. */
  readonly window?: { readonly from: string; readonly to: string };
  /**
   * Ids of all records of the stream's entity that the source has now. Records of ours that are not among them are
   * marked deleted, unless more of them vanish at once than `limitPercent` allows: that is lost rights, not tidying.
   */
  readonly present?: { readonly ids: readonly string[]; readonly limitPercent: number };
}

export interface ReadContext<Settings> {
  readonly settings: Settings;
  readonly sourceId: string;
  /** What `nextCursor` was when the stream was last read; undefined the first time. */
  readonly cursor: string | undefined;
  /** `--since`: local day from which to read again. */
  readonly since: string | undefined;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly http: HttpClient;
  /** The project's zone: for sources that write wall-clock time. */
  readonly timezone: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface MapContext<Settings, Lookups = unknown> {
  readonly settings: Settings;
  readonly sourceId: string;
  readonly timezone: string;
  /** The project's currency, for sources that do not name one. */
  readonly currency: string;
  readonly lookups: Lookups;
}

/** Problems go to `rejected` with the row they are about; the rest goes on. */
export type Mapped =
  | {
      readonly ok: true;
      readonly item: RecordInput;
      /** The source's own mark of this version; left out, a hash of our shape: then every change of content is a version. */
      readonly version?: string;
      /** The source's own instant of this version, UTC; left out, `updated_at` of the record. */
      readonly versionAt?: string;
    }
  | {
      readonly ok: false;
      readonly problem: Problem;
      /** What the row was to be; left out, what the stream holds. */
      readonly entity?: RecordEntity;
    };

export const defineSource = <Settings>(definition: SourceDefinition<Settings>): SourceDefinition<Settings> =>
  definition;
