import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, runDemo } from '../../app/demo/run-demo.ts';
import { silentLogger } from '../../warehouse/logger.ts';

const noProgress = { step: () => {}, done: () => {} };

/** A clock that starts at a fixed moment, so that the shop and its days are the same in every run. */
function clockFrom(start: string): { now(): number } {
  const offsetMs = Date.parse(start) - Date.now();
  return { now: () => Date.now() + offsetMs };
}

const dataDir = mkdtempSync(join(tmpdir(), 'throughline-truth-'));
const base = {
  days: 45,
  seed: 'truth',
  dataDir: join(dataDir, 'shop'),
  port: 0,
  host: '127.0.0.1',
  env: {},
  logger: silentLogger,
  progress: noProgress,
} as const;

describe('the made-up shop across the change of VAT', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await runDemo({ ...base, scale: 'test', clock: clockFrom('2026-01-20T15:00:00+03:00'), hasBrowser: false });
  }, 180_000);
  afterAll(() => demo?.stop());

  test('every number of every report equals the ledger', () => {
    expect(demo.judged.differences).toEqual([]);
    expect(demo.judged.compared).toBeGreaterThan(3000);
  });
});
