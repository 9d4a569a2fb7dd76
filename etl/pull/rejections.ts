import { createHash } from 'node:crypto';
import { toInstant } from '../../domain/time.ts';
import type { StreamPull } from './context.ts';
import { idParts } from './id-parts.ts';
import type { RowProblem } from './to-raw-records.ts';

/** Keeps what could not be taken. The same row with the same problem is kept once, however often it is read. */
export async function keepRejected(pull: StreamPull, problems: readonly RowProblem[], batch: string): Promise<number> {
  const rows = new Map(problems.map((problem) => toRow(pull, problem, batch)).map((row) => [row.rejected_id, row]));
  const known = await knownIds(pull, [...rows.keys()]);
  const fresh = [...rows.values()].filter((row) => !known.has(row.rejected_id));
  await pull.deps.warehouse.insertRows('rejected', fresh, `${batch}-rejected`);
  return fresh.length;
}

function toRow(pull: StreamPull, { problem, entity, payload }: RowProblem, batch: string) {
  const identity = [pull.sourceId, pull.stream, problem.reason, problem.place, payload];
  return {
    project: pull.deps.project,
    rejected_id: createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32),
    rejected_at: toInstant(pull.deps.clock.now()),
    source: pull.sourceId,
    entity,
    reason: problem.reason,
    place: problem.place,
    detail: pull.redact(problem.detail),
    payload,
    batch,
  };
}

async function knownIds(pull: StreamPull, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const part of idParts(ids)) {
    const rows = await pull.deps.warehouse.query<{ rejected_id: string }>(
      'SELECT rejected_id FROM rejected WHERE project = {project:String} AND rejected_id IN {ids:Array(String)}',
      { project: pull.deps.project, ids: part },
    );
    for (const row of rows) known.add(row.rejected_id);
  }
  return known;
}
