import { expect, test } from 'vitest';
import { onceDatabaseAnswers } from '../../app/runtime/once-database-answers.ts';
import { ImportInterruptedError } from '../../collector/create-collector.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import { WarehouseError, type WarehouseErrorKind } from '../../warehouse/warehouse-error.ts';

/** Work that fails once. */
function work(error: Error) {
  let calls = 0;
  return async (): Promise<number> => {
    calls += 1;
    if (calls === 1) throw error;
    return calls;
  };
}
const run = (error: Error, signal = new AbortController().signal) =>
  onceDatabaseAnswers(silentLogger, signal, work(error));
const ofKind = (kind: WarehouseErrorKind) => new WarehouseError(kind, { kind });

test('a file of 1C waits for the database whatever ails it', async () => {
  const kinds: readonly WarehouseErrorKind[] = [
    'rejected',
    'denied',
    'missing',
    'cancelled',
    'unreachable',
    'timeout',
    'memory',
    'busy',
    'disk-full',
  ];
  expect(await Promise.all(kinds.map((kind) => run(ofKind(kind))))).toEqual(kinds.map(() => 2));
});

test('a file does not wait when it is itself to blame, or the product', async () => {
  await expect(run(ofKind('bad-data'))).rejects.toMatchObject({ kind: 'bad-data' });
  await expect(run(new TypeError('a bug'))).rejects.toThrow(TypeError);
});

test('a file that waits when the collector stops is interrupted', async () => {
  const stopping = new AbortController();
  const waiting = run(ofKind('rejected'), stopping.signal);
  stopping.abort();
  await expect(waiting).rejects.toThrow(ImportInterruptedError);
});
