import type { RawRecord } from '../../domain/record/raw-record.ts';
import type { MapContext, Page, Stream } from '../source.ts';
import { absentFromSource, absentFromWholes, absentFromWindow } from './absent-records.ts';
import { batchPrefix, type StreamPull } from './context.ts';
import { type SavedCursor, saveCursor } from './cursors.ts';
import { newVersions } from './new-versions.ts';
import { keepRejected } from './rejections.ts';
import { wholeOf } from './stored-records.ts';
import { type MappedRows, toRawRecords } from './to-raw-records.ts';
import { writeBatch } from './write-batch.ts';

export interface StreamCounts {
  rowsRead: number;
  /** Versions that said something new, deletions included. */
  rowsWritten: number;
  rejected: number;
}

/** Takes the pages of one stream in turn: what is new is written, then announced, and only then the cursor moves. */
export class PageTaker {
  readonly #pull: StreamPull;
  readonly #stream: Stream<unknown>;
  readonly #counts: StreamCounts;
  #map: MapContext<unknown>;
  #cursor: SavedCursor;
  #pageNo = 0;
  /** Ids that came since the last page with a window. */
  #seen = new Set<string>();

  constructor(
    pull: StreamPull,
    stream: Stream<unknown>,
    start: { readonly map: MapContext<unknown>; readonly cursor: SavedCursor; readonly counts: StreamCounts },
  ) {
    this.#pull = pull;
    this.#stream = stream;
    this.#map = start.map;
    this.#cursor = start.cursor;
    this.#counts = start.counts;
  }

  async take(page: Page<unknown>): Promise<void> {
    const pull = this.#pull;
    this.#pageNo += 1;
    if (page.lookups !== undefined) this.#map = { ...this.#map, lookups: page.lookups };
    const mapped = toRawRecords(pull, this.#stream, page.rows, this.#map);
    const { records, problems } = mapped;
    for (const record of records) this.#seen.add(record.record_id);
    // A row that cannot be taken has come all the same: what we hold of it is not gone.
    for (const row of page.rows) this.#seen.add(this.#keyOf(row));
    const batch = `${batchPrefix(pull)}${pull.stream}-${pull.runNo}-${this.#pageNo}`;
    const versions = [
      ...(await newVersions(pull, records)),
      ...(await this.#gone(mapped, page)),
      ...(await this.#absent(page)),
    ];
    await writeBatch(pull, batch, versions);
    this.#counts.rejected += await keepRejected(pull, problems, batch);
    this.#counts.rowsRead += page.rows.length;
    this.#counts.rowsWritten += versions.length;
    await this.#moveCursor(page);
    this.#tell(page);
  }

  /** The stream was read to its end: its data is as of the moment the reading began. */
  async finish(dataAsOf: string): Promise<void> {
    this.#cursor = { ...this.#cursor, dataAsOf };
    await saveCursor(this.#pull, this.#cursor);
  }

  readonly #keyOf = (row: unknown): string => String((row as Readonly<Record<string, unknown>>)[this.#stream.key]);

  /** What the rows consisted of and do not any more; a row of which nothing could be taken says nothing of that. */
  #gone({ records, problems }: MappedRows, page: Page<unknown>): Promise<RawRecord[]> | readonly RawRecord[] {
    if (this.#stream.hasParts === undefined) return [];
    const refused = new Set(problems.map(({ row }) => row));
    const came = new Set(records.map((record) => record.record_id));
    const taken = new Set([...came].map(wholeOf));
    const keys = page.rows.filter((row) => !refused.has(row) || taken.has(this.#keyOf(row))).map(this.#keyOf);
    return absentFromWholes(this.#pull, keys, came);
  }

  async #absent(page: Page<unknown>) {
    const keyOf = this.#stream.hasParts === undefined ? (id: string): string => id : wholeOf;
    const fromSource = page.present === undefined ? [] : await absentFromSource(this.#pull, page.present, keyOf);
    if (page.window === undefined || this.#stream.writeMode !== 'replace_window') return fromSource;
    const seen = this.#seen;
    this.#seen = new Set();
    return [...fromSource, ...(await absentFromWindow(this.#pull, page.window, seen))];
  }

  async #moveCursor(page: Page<unknown>): Promise<void> {
    if (page.nextCursor === undefined) return;
    this.#cursor = { ...this.#cursor, position: page.nextCursor };
    await saveCursor(this.#pull, this.#cursor);
  }

  #tell(page: Page<unknown>): void {
    const { total } = page.progress ?? {};
    this.#pull.deps.onProgress?.({
      source: this.#pull.sourceId,
      stream: this.#stream.name,
      done: page.progress?.done ?? this.#counts.rowsRead,
      ...(total === undefined ? {} : { total }),
    });
  }
}
