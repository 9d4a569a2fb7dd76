import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configSchema } from '../../app/config/schema.ts';
import { checkCallTracking } from '../../app/runtime/check-call-tracking.ts';
import { openCallTracking } from '../../collector/calls/call-tracking.ts';
import { leaseFile, leasesName } from '../../collector/calls/lease-file.ts';
import { ok } from '../../domain/result.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import { askOf, dynamicPool, settingsOf } from '../collector/calls/tracking.ts';
import { fakeClock } from '../collector/support/test-collector.ts';

let dataDir: string;
const clock = fakeClock();
const pool = { name: 'main', replace: '+7 495 123-45-67', numbers: ['+7 495 000-00-01', '+7 495 000-00-02'] };
const looked = (...pools: object[]) => ({
  config: configSchema.parse({ call_tracking: { pools } }),
  dataDir,
  clock,
});

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'throughline-doctor-calls-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test('doctor says nothing of call tracking without a pool of leased numbers', async () => {
  expect(await checkCallTracking(looked())).toEqual([]);
  expect(await checkCallTracking(looked({ name: 's', replace: pool.replace, number: pool.numbers[0] }))).toEqual([]);
});

test('doctor tells how many numbers are leased, and of how many visits found none left in the last day', async () => {
  expect(await checkCallTracking(looked(pool))).toEqual([
    { what: 'numbers of main', says: '0 of 2 are leased to visits', isGood: true },
  ]);
  const tracking = await openCallTracking({
    project: 'shop',
    settings: settingsOf(dynamicPool(2)),
    store: leaseFile(join(dataDir, leasesName)),
    spool: { append: async () => ok(undefined) },
    clock,
    logger: silentLogger,
  });
  await tracking.numbersFor(askOf('a'));
  expect(await checkCallTracking(looked(pool))).toMatchObject([{ says: '1 of 2 are leased to visits' }]);
  for (const visit of ['b', 'c', 'd', 'd']) await tracking.numbersFor(askOf(visit));
  await tracking.stop();
  expect(await checkCallTracking(looked(pool))).toEqual([
    {
      what: 'numbers of main',
      says: 'all its 2 numbers were taken when 2 more visits of the last day came, whose calls cannot be told from others: add numbers, limit the pool to fewer sources, or make hold_minutes shorter',
      isGood: true,
      isWarning: true,
    },
  ]);
});

test('doctor names a file of leases that is spoilt', async () => {
  await writeFile(join(dataDir, leasesName), '{');
  const [finding] = await checkCallTracking(looked(pool));
  expect(finding).toMatchObject({ what: 'call tracking', isGood: false });
  expect(finding?.says).toContain(join(dataDir, leasesName));
});
