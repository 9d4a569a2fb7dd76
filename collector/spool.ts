import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ok } from '../domain/result.ts';
import type { Clock } from '../domain/time.ts';
import { silentLogger, type WarehouseLogger } from '../warehouse/logger.ts';
import { SecondsCounter, type SecondsHistogram } from './histogram.ts';
import { watchFreeSpace } from './spool/free-space.ts';
import { recoverSegments } from './spool/recover.ts';
import { type SpoolStream, segmentName, spoolStreams } from './spool/segment.ts';
import { diskFs, type SpoolFs } from './spool/spool-fs.ts';
import { type Appended, type AppendResult, StreamWriter, type StreamWriterOptions } from './spool/stream-writer.ts';

export type { SpoolStream } from './spool/segment.ts';
export type { Appended, AppendProblem, AppendResult } from './spool/stream-writer.ts';

export interface SpoolOptions {
  /** One process at a time may have a folder open. */
  readonly dir: string;
  readonly clock: Clock;
  /** Part of the segments' names; by default random, so that no name ever comes twice. */
  readonly worker?: string;
  readonly maxSegmentBytes?: number;
  readonly maxSegmentAgeMs?: number;
  /** Above this many bytes not yet on disk, appends are refused as `overloaded`. */
  readonly maxPendingBytes?: number;
  /** While less of the disk is free, appends are refused as `disk_full`. Default: 0, the disk itself says when it is. */
  readonly minFreeBytes?: number;
  readonly lookAtDiskMs?: number;
  readonly fs?: SpoolFs;
  readonly logger?: WarehouseLogger;
}

/** Durable files between the collector and the warehouse. */
export interface Spool {
  /**
   * Appends JSON objects, one text each without line breaks. Resolves with ok when all of them are on disk; otherwise none
   * counts as taken. Lines of one append lie together in one segment.
   */
  append(stream: SpoolStream, lines: readonly string[]): Promise<AppendResult>;
  /** The same for the hot path, without a promise. `done` must not throw. */
  appendThen(stream: SpoolStream, lines: readonly string[], done: Appended): void;
  /** Closes the running segments now, so that the loader sees everything acknowledged so far. */
  rotate(): Promise<void>;
  /** Writes what is pending, closes every segment and takes no more. */
  closeAll(): Promise<void>;
  stats(): SpoolStats;
}

/** What a spool did since it was opened. Plain data: it crosses processes. */
export interface SpoolStats {
  /** Lines that are on disk. */
  readonly lines: Readonly<Partial<Record<SpoolStream, number>>>;
  /** How long the disk took for each group of lines. */
  readonly flushes: SecondsHistogram;
  /** Bytes taken that are not on disk yet. */
  readonly pendingBytes: number;
}

const defaults = {
  maxSegmentBytes: 8 * 1024 * 1024,
  maxSegmentAgeMs: 1000,
  maxPendingBytes: 64 * 1024 * 1024,
  minFreeBytes: 0,
  lookAtDiskMs: 1000,
};

const overloaded = failed('overloaded', 'spool', 'More arrives than the disk can take: send again in a few seconds.');
const almostFull = failed(
  'disk_full',
  'spool',
  'The disk of the data folder is almost full: free space there, then send again.',
);

/** Opens a spool folder; segments that an earlier process left open are recovered and closed first. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const all = { ...defaults, ...options };
  const { dir, fs = diskFs, logger = silentLogger, maxPendingBytes, minFreeBytes, lookAtDiskMs } = all;
  for (const stream of spoolStreams) {
    mkdirSync(join(dir, stream), { recursive: true });
    await recoverSegments(fs, join(dir, stream), logger);
  }
  const flushes = new SecondsCounter();
  const writers = createWriters({ ...all, fs, onFlush: (seconds) => flushes.observe(seconds) });
  const free = await watchFreeSpace({ fs, dir, minFreeBytes, lookMs: lookAtDiskMs, logger });
  const lineCounts: Record<SpoolStream, number> = { events: 0, records: 0, rejected: 0, leases: 0 };
  let pendingBytes = 0;
  const refusalOf = (bytes: number): AppendResult | undefined => {
    if (free.isShort) return almostFull;
    return pendingBytes + bytes > maxPendingBytes ? overloaded : undefined;
  };
  const appendThen = (stream: SpoolStream, lines: readonly string[], done: Appended): void => {
    let bytes = 0;
    for (const line of lines) bytes += Buffer.byteLength(line);
    const refusal = bytes === 0 ? ok(undefined) : refusalOf(bytes);
    if (refusal !== undefined) {
      done(refusal);
      return;
    }
    pendingBytes += bytes;
    writers[stream].append(lines, bytes, (result) => {
      pendingBytes -= bytes;
      if (result.ok) lineCounts[stream] += lines.length;
      done(result);
    });
  };
  return {
    append: (stream, lines) => new Promise((resolve) => appendThen(stream, lines, resolve)),
    appendThen,
    rotate: async () => void (await Promise.all(spoolStreams.map((stream) => writers[stream].rotate()))),
    closeAll: async () => {
      free.stop();
      await Promise.all(spoolStreams.map((stream) => writers[stream].stop()));
    },
    stats: () => ({ lines: { ...lineCounts }, flushes: flushes.read(), pendingBytes }),
  };
}

type WriterOptions = Required<Pick<SpoolOptions, 'dir' | 'clock' | 'fs' | 'maxSegmentBytes' | 'maxSegmentAgeMs'>> &
  Pick<SpoolOptions, 'worker'> &
  Pick<StreamWriterOptions, 'onFlush'>;

function createWriters(options: WriterOptions): Record<SpoolStream, StreamWriter> {
  const { dir, clock, worker = randomBytes(4).toString('hex') } = options;
  const startedAtMs = clock.now();
  const createWriter = (stream: SpoolStream): StreamWriter => {
    let counter = 0;
    const nextSegment = () => segmentName({ stream, worker, startedAtMs, counter: counter++ });
    return new StreamWriter({ ...options, directory: join(dir, stream), nextSegment });
  };
  return {
    events: createWriter('events'),
    records: createWriter('records'),
    rejected: createWriter('rejected'),
    leases: createWriter('leases'),
  };
}
