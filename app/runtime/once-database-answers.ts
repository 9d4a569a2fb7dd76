import { ImportInterruptedError } from '../../collector/create-collector.ts';
import { systemSleep } from '../../etl/sleep.ts';
import { isWarehouseError, type WarehouseErrorKind } from '../../warehouse/warehouse-error.ts';
import type { Logger } from './logger.ts';

const passing: ReadonlySet<WarehouseErrorKind> = new Set(['unreachable', 'timeout', 'memory', 'busy', 'disk-full']);
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * Does the work, again and again while the database cannot: 1C was told that its file has come and does not send it again.
 * Throws ImportInterruptedError when it is stopped meanwhile.
 */
export async function onceDatabaseAnswers<T>(logger: Logger, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isWarehouseError(error) || !passing.has(error.kind)) throw error;
      logger.warn({ error: error.message }, 'a file of 1C waits for the database');
      await systemSleep(pauseMs, signal).catch(() => undefined);
      if (signal.aborted) throw new ImportInterruptedError();
    }
  }
}
