import { toInstant } from '../../domain/time.ts';
import type { StreamPull } from './context.ts';

export interface SavedCursor {
  /** JSON of the stream; empty while it has none. */
  readonly position: string;
  readonly dataAsOf: string;
}

export async function readCursor(pull: StreamPull): Promise<SavedCursor> {
  const rows = await pull.deps.warehouse.query<{ position: string; as_of_ms: string }>(
    `SELECT position, toUnixTimestamp64Milli(data_as_of) AS as_of_ms FROM cursors FINAL
     WHERE project = {project:String} AND source = {source:String} AND stream = {stream:String}`,
    { project: pull.deps.project, source: pull.sourceId, stream: pull.stream },
  );
  return { position: rows[0]?.position ?? '', dataAsOf: toInstant(Number(rows[0]?.as_of_ms ?? 0)) };
}

export async function saveCursor(pull: StreamPull, cursor: SavedCursor): Promise<void> {
  await pull.deps.warehouse.insertRows('cursors', [
    {
      project: pull.deps.project,
      source: pull.sourceId,
      stream: pull.stream,
      position: cursor.position,
      data_as_of: cursor.dataAsOf,
      updated_at: toInstant(pull.deps.clock.now()),
    },
  ]);
}
