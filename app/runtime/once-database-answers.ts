import { ImportInterruptedError } from '../../collector/create-collector.ts';
import { systemSleep } from '../../etl/sleep.ts';
import { isFaultOfData, isWarehouseError } from '../../warehouse/warehouse-error.ts';
import type { Logger } from './logger.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * Does the work, again and again while the database cannot: 1C was told that its file has come and does not send it again. Only when
 * a row of the file is to blame, or the fault is no one of the database, is the error thrown. Throws ImportInterruptedError when it is stopped meanwhile.
 */
export async function onceDatabaseAnswers<T>(logger: Logger, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isWarehouseError(error) || isFaultOfData(error)) throw error;
      logger.warn({ error: error.message }, 'a file of 1C waits for the database');
      await systemSleep(pauseMs, signal).catch(() => undefined);
      if (signal.aborted) throw new ImportInterruptedError();
    }
  }
}
