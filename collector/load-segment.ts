import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type Halved, insertByHalves, refusalOf } from './insert-by-halves.ts';
import { splitLines, withoutRoom } from './spool/lines.ts';
import { moveLine, nameOfRest, refusedPath, writeRefused } from './spool/refused.ts';
import { closedSuffix, SpoolFileError, type SpoolStream } from './spool/segment.ts';
import { type RejectedContext, toRejectedLine } from './to-rejected-line.ts';

export type LoadingWarehouse = Pick<Warehouse, 'insertLines' | 'insertRows' | 'command' | 'query'>;

export interface SegmentTask {
  readonly project: string;
  /** Folder of the spool. */
  readonly dir: string;
  readonly warehouse: LoadingWarehouse;
  readonly logger: WarehouseLogger;
  readonly stream: SpoolStream;
  readonly segment: string;
  /** Segments of which `rejected` tells refused rows, from before this process or from it. */
  readonly told: Set<string>;
}

const tableOf: Record<SpoolStream, string> = {
  events: 'raw_events',
  records: 'raw_records',
  rejected: 'rejected',
  leases: 'number_leases',
};

/** What the stages take in batches. */
const takenByStages: readonly SpoolStream[] = ['events', 'records'];

/** So many bad rows of one segment are a fault of the product: the rest waits for the next start, and the segments behind it do not. */
const mostRefused = 200;

const reason = 'refused_by_database';
const newline = 0x0a;

/**
 * Takes a segment to the database, under its name as the token of the insert. Rows that are to blame for a refusal are kept in
 * `spool/refused` and told in `rejected`. Throws when the database cannot take it now; it is safe to repeat.
 */
export async function loadSegment(task: SegmentTask): Promise<void> {
  const { project, dir, warehouse, stream, segment } = task;
  const path = join(dir, stream, segment + closedSuffix);
  const { loaded, ...rest } = await insertSegment(task, path);
  if (takenByStages.includes(stream) && loaded > 0)
    await warehouse.insertRows('raw_batches', [{ project, batch: segment, kind: stream, rows: loaded }], segment);
  await untell(task, segment);
  if (rest.refused.length > 0) await keepRefused(task, path, loaded > 0 ? nameOfRest(segment) : segment, rest);
  await onDisk(unlink(path));
}

/** Segments of which `rejected` tells refused rows. The database alone knows: a process may die between any two of its steps. */
export async function toldSegments({
  project,
  warehouse,
}: Pick<SegmentTask, 'project' | 'warehouse'>): Promise<Set<string>> {
  const rows = await warehouse.query<{ batch: string }>(
    'SELECT DISTINCT batch FROM rejected WHERE project = {project:String} AND reason = {reason:String}',
    { project, reason },
  );
  return new Set(rows.map(({ batch }) => batch));
}

async function untell({ project, warehouse, told }: SegmentTask, segment: string): Promise<void> {
  if (!told.has(segment)) return;
  await warehouse.command(
    'DELETE FROM rejected WHERE project = {project:String} AND reason = {reason:String} AND batch = {segment:String}',
    { project, reason, segment },
  );
  told.delete(segment);
}

/**
 * Halves that are in the database already when the process dies, and the whole that is accepted after an upgrade, have two tokens: their
 * rows then lie there twice. The stages take an event id and a version of a record once, whatever batch brings it.
 */
async function insertSegment({ warehouse, stream, segment }: SegmentTask, path: string): Promise<Halved> {
  const table = tableOf[stream];
  const counted = { rows: 0 };
  const problem = await refusalOf(insertFile(warehouse, table, segment, path, counted));
  if (problem === undefined) return { loaded: counted.rows, refused: [], untried: [] };
  const insert = (lines: readonly Buffer[]): Promise<void> =>
    warehouse.insertLines(table, Readable.from(lines, { objectMode: false }), `${segment}-${hashOf(lines)}`);
  const bytes = await onDisk(readFile(path));
  const written = withoutRoom(bytes);
  const isAsRefused = written.length === bytes.length;
  return insertByHalves(splitLines(written), isAsRefused ? problem : undefined, { insert, most: mostRefused });
}

const onDisk = <Value>(work: Promise<Value>): Promise<Value> =>
  work.catch((error: Error) => {
    throw new SpoolFileError(error.message);
  });

async function insertFile(
  warehouse: SegmentTask['warehouse'],
  table: string,
  segment: string,
  path: string,
  counted: { rows: number },
): Promise<void> {
  let last: number | undefined = newline;
  const countRows = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) counted.rows += 1;
      last = chunk.at(-1);
      done(null, chunk);
    },
    flush(done) {
      if (last !== newline) counted.rows += 1;
      done();
    },
  });
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  let broken: Error | undefined;
  file.on('error', (error) => {
    broken = new SpoolFileError(error.message);
    countRows.destroy(broken);
  });
  try {
    await warehouse.insertLines(table, file.pipe(countRows), segment);
  } catch (error) {
    throw broken ?? error;
  } finally {
    file.destroy();
  }
}

/** Of the lines and not of their place: a segment that is tried again may hold fewer. */
function hashOf(lines: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line);
  return hash.digest('hex').slice(0, 32);
}

/** What was not tried comes first in the file, and so first the next time. */
async function keepRefused(
  task: SegmentTask,
  path: string,
  name: string,
  { refused, untried }: Omit<Halved, 'loaded'>,
): Promise<void> {
  const { dir, segment, project, stream, warehouse, logger } = task;
  const { mtimeMs } = await onDisk(stat(path));
  const lines = [...untried, ...refused.map(({ line }) => line)];
  const moved = lines.map((line) => moveLine(line, segment, name));
  await onDisk(writeRefused(dir, name, moved));
  const context: RejectedContext = { project, ...originOf[stream], rejectedAtMs: mtimeMs };
  const rows = refused.map(({ line, problem }, index) => {
    const place = `${name}${closedSuffix}:${untried.length + index + 1}`;
    const text = toRejectedLine(payloadOf(line), { reason, place, detail: problem }, context);
    return { batch: name, ...JSON.parse(text) };
  });
  await untell(task, name);
  task.told.add(name);
  // A token of its own: the same rows may have been written, and deleted, at an earlier start.
  await warehouse.insertRows('rejected', rows, randomUUID());
  logger.error(
    { segment, rows: lines.length, problem: refused[0]?.problem, file: refusedPath(dir, name) },
    'ClickHouse refused rows of a segment; they are kept and tried again at the next start',
  );
}

const originOf: Record<SpoolStream, Pick<RejectedContext, 'source' | 'entity'>> = {
  events: { source: 'collect', entity: 'event' },
  records: { source: 'ingest', entity: 'record' },
  rejected: { source: 'collect', entity: 'rejected' },
  leases: { source: 'collect', entity: 'number lease' },
};

function payloadOf(line: Buffer): unknown {
  const text = line.toString().trimEnd();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
