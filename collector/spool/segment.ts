/** What a spool keeps: each stream goes to the table of the same meaning. */
export const spoolStreams = ['events', 'records', 'rejected', 'leases'] as const;
export type SpoolStream = (typeof spoolStreams)[number];

/** Suffix of the segment being written, and of one that is whole and may be loaded. */
export const openSuffix = '.open';
export const closedSuffix = '.ndjson';

export interface SegmentName {
  readonly stream: SpoolStream;
  readonly worker: string;
  readonly startedAtMs: number;
  readonly counter: number;
}

/** `<stream>-<worker>-<startedAtMs>-<counter>`: never used twice, because it is also the deduplication token of its insert. */
export const segmentName = (name: SegmentName): string =>
  `${name.stream}-${name.worker}-${name.startedAtMs}-${String(name.counter).padStart(6, '0')}`;

const closedPattern = /^[a-z]+-.+-(\d+)-(\d+)\.ndjson$/;

/** Closed segments of a folder listing in the order they were begun. */
export function closedSegments(fileNames: readonly string[]): string[] {
  const found = fileNames.flatMap((fileName) => {
    const match = closedPattern.exec(fileName);
    return match === null ? [] : [{ fileName, startedAtMs: Number(match[1]), counter: Number(match[2]) }];
  });
  found.sort((a, b) => a.startedAtMs - b.startedAtMs || a.counter - b.counter || (a.fileName < b.fileName ? -1 : 1));
  return found.map(({ fileName }) => fileName.slice(0, -closedSuffix.length));
}

/** A file of the spool is there and the disk does not do with it what it must: a fault of this file, and not of the database. */
export class SpoolFileError extends Error {
  override readonly name = 'SpoolFileError';
}

/** Words of the log; the caller adds when. */
export const waitingForDisk =
  'a file of the spool cannot be taken from the disk, and what lies in it is not in the database: mend its rights or the disk, or move it away if it is none of ours; the others go on, and it is tried again';
