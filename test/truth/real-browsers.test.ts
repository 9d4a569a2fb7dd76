import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, runDemo } from '../../app/demo/run-demo.ts';
import { systemClock } from '../../domain/time.ts';
import { options } from './shop-options.ts';

describe('the made-up shop of today with real browsers', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await runDemo({ ...options('browser'), days: 21, clock: systemClock });
  }, 300_000);
  afterAll(() => demo?.stop());

  test('every number equals the ledger, those of the visits made in Chromium among them', () => {
    expect(demo.world.live.requests.length).toBeGreaterThan(3);
    expect(demo.judged.differences).toEqual([]);
  });
});
