import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { metricsText } from '../../app/runtime/operation/metrics.ts';
import { type StageLoop, startStageLoop } from '../../app/runtime/stage-loop.ts';
import { systemSleep } from '../../etl/sleep.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { rules } from '../etl/stages/raw.ts';
import { emptyWarehouse, testWarehouse } from '../support/clickhouse.ts';

const startedMs = Date.UTC(2026, 0, 15, 12);
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'throughline-loop-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Runs a loop until it did what is waited for, a quarter of an hour later by its clock. */
async function after(warehouse: Warehouse, isSo: (loop: StageLoop) => boolean): Promise<string[]> {
  const clock = { nowMs: startedMs, now: () => clock.nowMs };
  const loop = startStageLoop(
    { warehouse, project: 'shop', dataDir, clock, sleep: systemSleep, log: silentLogger, rules },
    silentLogger,
  );
  clock.nowMs += 900_000;
  try {
    await vi.waitFor(() => expect(isSo(loop)).toBe(true), { timeout: 10_000 });
    const figures = { nowMs: clock.nowMs, processes: [], spools: [], diskFreeBytes: undefined, stages: loop.stats() };
    return (await metricsText(figures)).split('\n');
  } finally {
    await loop.stop();
  }
}

test('stages that never worked since the start are as old as the start', async () => {
  const lines = await after(await emptyWarehouse(), (loop) => loop.stats().failed === 1);
  expect(lines).toContain('throughline_stage_age_seconds 900');
  expect(lines).toContain('throughline_stage_runs_total{outcome="failed"} 1');
});

test('a run that finds nothing to do makes them new', async () => {
  const isNew = (loop: StageLoop): boolean => loop.stats().ageFromMs !== startedMs;
  expect(await after(await testWarehouse(), isNew)).toContain('throughline_stage_age_seconds 0');
});
