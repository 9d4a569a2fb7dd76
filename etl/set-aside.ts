import { toInstant } from '../domain/time.ts';
import type { RunsDeps } from './runs.ts';
import type { Piece } from './sift.ts';

/** One event or record that the stages leave out, and why. */
export interface SetAside {
  readonly batch: string;
  /** `event:<uuid>` or `<entity>:<source>:<id>`. */
  readonly key: string;
  readonly detail: string;
}

type Deps = Pick<RunsDeps, 'warehouse' | 'project' | 'clock'>;

/** What is set aside now, as a subquery: pairs of batch and key. */
export const setAsideSql =
  '(SELECT groupArray((batch, key)) FROM set_aside FINAL WHERE project = {project:String}) AS set_aside';

export const pieceOf = ({ batch, key }: Pick<SetAside, 'batch' | 'key'>): Piece => ({ batch, keys: [key] });

export async function readSetAside(deps: Deps): Promise<SetAside[]> {
  return deps.warehouse.query<SetAside>(
    'SELECT batch, key, detail FROM set_aside FINAL WHERE project = {project:String} ORDER BY batch, key',
    { project: deps.project },
  );
}

/** Writes what a run set aside and what it took in again. */
export async function keepSetAside(
  deps: Deps,
  runNo: number,
  change: { readonly added: readonly SetAside[]; readonly takenBack: readonly SetAside[] },
): Promise<void> {
  const row = (is_deleted: 0 | 1) => (one: SetAside) => ({
    project: deps.project,
    ...one,
    set_aside_at: toInstant(deps.clock.now()),
    run_no: String(runNo),
    is_deleted,
  });
  await deps.warehouse.insertRows('set_aside', [...change.takenBack.map(row(1)), ...change.added.map(row(0))]);
}

/** Keys of the events and records of a batch, in the order of the database. */
export async function keysOfBatch(deps: Deps, batch: string): Promise<string[]> {
  const rows = await deps.warehouse.query<{ key: string }>(
    `SELECT DISTINCT key FROM (
       SELECT concat('event:', toString(event_id)) AS key FROM raw_events WHERE project = {project:String} AND batch = {batch:String}
       UNION ALL
       SELECT concat(entity, ':', source, ':', record_id) AS key FROM raw_records WHERE project = {project:String} AND batch = {batch:String}
     ) ORDER BY key`,
    { project: deps.project, batch },
  );
  return rows.map(({ key }) => key);
}
