import type { RawRecord } from '../../domain/record/raw-record.ts';
import { isFaultOfData, isWarehouseError } from '../../warehouse/warehouse-error.ts';
import type { StreamPull } from './context.ts';

const attempts = 5;
const firstWaitMs = 500;

/** Writes the versions of one page and announces the batch to the stages. Repeating it changes nothing. */
export async function writeBatch(pull: StreamPull, batch: string, records: readonly RawRecord[]): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map((record) => ({ ...record, batch }));
  await persistently(pull, () => pull.deps.warehouse.insertRows('raw_records', rows, batch));
  const announcement = { project: pull.deps.project, batch, kind: 'records', rows: String(rows.length) };
  await persistently(pull, () => pull.deps.warehouse.insertRows('raw_batches', [announcement], batch));
}

/** What was read from a slow source is worth waiting a little for a server that restarts. */
async function persistently(pull: StreamPull, write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const isPassing = isWarehouseError(error) && !isFaultOfData(error);
      if (!isPassing || attempt === attempts) throw error;
      await pull.deps.sleep(firstWaitMs * 2 ** (attempt - 1), pull.deps.signal);
    }
  }
}
