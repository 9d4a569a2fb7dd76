import type { Warehouse } from '../../warehouse/warehouse.ts';
import { batchPrefix } from './context.ts';

/**
 * Announces pages of a source that were stored but never announced to the stages, because the process died or the warehouse went away in
 * between. Call it before a pull of the source begins, while none runs. Announcing a page twice changes nothing.
 */
export async function announceForgotten(
  deps: { readonly warehouse: Warehouse; readonly project: string },
  sourceId: string,
): Promise<void> {
  await deps.warehouse.command(
    `INSERT INTO raw_batches (project, batch, kind, rows)
     WITH (SELECT max(started_at) - INTERVAL 1 DAY FROM run_outcomes WHERE project = {project:String} AND kind = 'pull' AND source = {source:String}) AS since
     SELECT {project:String}, batch, 'records', count() FROM raw_records
     WHERE project = {project:String} AND source = {source:String} AND fetched_at >= since AND startsWith(batch, {prefix:String})
       AND batch NOT IN (SELECT batch FROM raw_batches WHERE project = {project:String} AND startsWith(batch, {prefix:String}))
     GROUP BY batch`,
    { project: deps.project, source: sourceId, prefix: batchPrefix({ deps, sourceId }) },
  );
}
