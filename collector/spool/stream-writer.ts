import { join } from 'node:path';
import { failed, ok, type Result } from '../../domain/result.ts';
import { closedSuffix, openSuffix } from './segment.ts';
import type { SpoolFile, SpoolFs } from './spool-fs.ts';

export type AppendProblem = 'overloaded' | 'disk_full' | 'disk_error' | 'closed';
export type AppendResult = Result<void, AppendProblem>;

export interface StreamWriterOptions {
  readonly fs: SpoolFs;
  readonly directory: string;
  readonly maxSegmentBytes: number;
  readonly maxSegmentAgeMs: number;
  /** Name of the next segment; never the same twice. */
  nextSegment(): string;
  /** Told how long each group took to be on disk. */
  onFlush(seconds: number): void;
}

export type Appended = (result: AppendResult) => void;

interface Waiting {
  readonly lines: readonly string[];
  /** Length of the lines in UTF-8. */
  readonly bytes: number;
  readonly done: Appended;
}

interface Segment {
  readonly name: string;
  readonly file: SpoolFile;
  ageTimer: NodeJS.Timeout | undefined;
  /** Length of what is acknowledged; anything after it is the rest of a failed write. */
  syncedBytes: number;
  isClosing: boolean;
}

/** A group whose fate is known and not told yet. */
interface Committed {
  readonly group: readonly Waiting[];
  readonly result: AppendResult;
}

const appended: AppendResult = ok(undefined);

/** A segment that grows to this before its time shows load: the next one is made ready while it is written. */
const busyBytes = 256 * 1024;

/**
 * Writes one stream. One synced write runs at a time; everything that arrives meanwhile shares the next one, so that the price of
 * durability is paid per group and not per request.
 */
export class StreamWriter {
  readonly #options: StreamWriterOptions;
  #waiting: Waiting[] = [];
  #segment: Segment | undefined;
  /** The next segment, with room in it; undefined inside when it could not be made. */
  #spare: Promise<Segment | undefined> | undefined;
  /** Length of the last closed segment. */
  #lastBytes = 0;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: StreamWriterOptions) {
    this.#options = options;
  }

  /** Calls `done`, which must not throw, when all of the lines are on disk or none counts as taken. `bytes`: their length in UTF-8. */
  append(lines: readonly string[], bytes: number, done: Appended): void {
    if (this.#isStopped) {
      done(failed('closed', 'spool', 'The collector is shutting down.'));
      return;
    }
    this.#waiting.push({ lines, bytes, done });
    this.#wake();
  }

  /** Closes the running segment, so that everything acknowledged so far can be loaded. */
  async rotate(): Promise<void> {
    if (this.#segment) this.#segment.isClosing = true;
    this.#wake();
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await this.rotate();
    const spare = await this.#spare;
    this.#spare = undefined;
    // What stays of it is removed at the next start.
    if (spare !== undefined) await this.#close(spare).catch(() => undefined);
  }

  #wake(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Requests that arrive in the same turn of the event loop belong to one group.
    await new Promise<void>((resolve) => setImmediate(resolve));
    let last: Committed = { group: [], result: appended };
    while (this.#waiting.length > 0 || (this.#segment?.isClosing && last.result.ok) || last.group.length > 0) {
      last = await this.#commitWhileAnswering(last);
    }
    if (this.#segment?.isClosing) this.#startAgeTimer(this.#segment);
    // In the same turn as the check above: an append that comes later must find no run and start one.
    this.#running = undefined;
  }

  /** The disk gets the next group before the last one is answered, so that it does not wait for the answers. */
  async #commitWhileAnswering(last: Committed): Promise<Committed> {
    const group = this.#waiting;
    this.#waiting = [];
    const committing = this.#commit(group);
    for (const { done } of last.group) done(last.result);
    return { group, result: await committing };
  }

  async #commit(group: readonly Waiting[]): Promise<AppendResult> {
    try {
      if (this.#segment?.isClosing) await this.#close(this.#segment);
      if (group.length > 0) await this.#write(group);
      return appended;
    } catch (error) {
      // What the disk did with the last write is unknown: the segment ends at what was synced, and the next group begins a new one.
      if (this.#segment) this.#segment.isClosing = true;
      return diskProblem(error);
    }
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    this.#segment ??= await this.#open();
    const segment = this.#segment;
    const bytes = groupBytes(segment.name, group);
    const startedMs = performance.now();
    await segment.file.write(bytes);
    this.#options.onFlush((performance.now() - startedMs) / 1000);
    segment.syncedBytes += bytes.length;
    const { maxSegmentBytes } = this.#options;
    if (segment.syncedBytes >= maxSegmentBytes) segment.isClosing = true;
    if (segment.syncedBytes >= busyBytes && !this.#isStopped) {
      // Where there is no room, the plain way tells why.
      this.#spare ??= this.#create(Math.min(maxSegmentBytes, 2 * Math.max(busyBytes, this.#lastBytes))).catch(
        () => undefined,
      );
    }
  }

  async #open(): Promise<Segment> {
    const spare = await this.#spare;
    this.#spare = undefined;
    const segment = spare ?? (await this.#create(0));
    this.#startAgeTimer(segment);
    return segment;
  }

  async #create(roomBytes: number): Promise<Segment> {
    const { fs, directory } = this.#options;
    const name = this.#options.nextSegment();
    const path = join(directory, name + openSuffix);
    const file = await fs.create(path, roomBytes);
    try {
      await fs.syncDirectory(directory);
    } catch (error) {
      await file.close();
      await fs.unlink(path);
      throw error;
    }
    return { name, file, ageTimer: undefined, syncedBytes: 0, isClosing: false };
  }

  #startAgeTimer(segment: Segment): void {
    clearTimeout(segment.ageTimer);
    segment.ageTimer = setTimeout(() => void this.rotate(), this.#options.maxSegmentAgeMs);
    segment.ageTimer.unref();
  }

  /** Cuts what was not acknowledged and gives the segment to the loader. May be called again after it failed halfway. */
  async #close(segment: Segment): Promise<void> {
    const { fs, directory } = this.#options;
    clearTimeout(segment.ageTimer);
    await segment.file.truncate(segment.syncedBytes);
    const openPath = join(directory, segment.name + openSuffix);
    if (segment.syncedBytes === 0) await fs.unlink(openPath);
    else await fs.rename(openPath, join(directory, segment.name + closedSuffix));
    this.#segment = undefined;
    this.#lastBytes = segment.syncedBytes;
    await segment.file.close();
  }
}

/**
 * Bytes of a group; the segment's name becomes the first key of every line. Line by line into one buffer: a single text would be
 * stored and converted at twice the price as soon as one of its letters is not Latin.
 */
function groupBytes(segment: string, group: readonly Waiting[]): Buffer {
  const prefix = Buffer.from(`{"batch":"${segment}",`);
  const size = group.reduce((sum, { lines, bytes }) => sum + bytes + lines.length * prefix.length, 0);
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { lines } of group) {
    for (const line of lines) {
      // The prefix stands over the line's own brace.
      const start = at + prefix.length - 1;
      at = start + buffer.write(line, start);
      prefix.copy(buffer, start - prefix.length + 1);
      buffer[at] = newline;
      at += 1;
    }
  }
  return buffer;
}

const newline = 0x0a;

function diskProblem(error: unknown): AppendResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return failed('disk_full', 'spool', 'The disk of the data folder is full: free space there, then send again.');
  }
  return failed('disk_error', 'spool', `The data folder cannot be written (${code}): check the disk, then send again.`);
}
