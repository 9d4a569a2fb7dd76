import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, runDemo } from '../../app/demo/run-demo.ts';
import { systemClock } from '../../domain/time.ts';
import { options } from './shop-options.ts';

describe('the made-up shop of today where Chromium cannot start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-broken-chromium-'));
  const told: string[] = [];
  let demo: Demo;
  beforeAll(async () => {
    const broken = join(folder, 'chromium');
    writeFileSync(
      broken,
      '#!/bin/sh\necho "chromium: error while loading shared libraries: libnss3.so: cannot open shared object file" >&2\nexit 127\n',
    );
    chmodSync(broken, 0o755);
    demo = await runDemo({
      ...options('no-browser'),
      days: 21,
      clock: systemClock,
      hasBrowser: true,
      env: { THROUGHLINE_CHROMIUM: broken },
      progress: { step: () => {}, wait: () => {}, done: (name, result) => told.push(`${name}: ${result}`) },
    });
  }, 180_000);
  afterAll(async () => {
    await demo?.stop();
    rmSync(folder, { recursive: true });
  });

  test('its buyers are posted as the same payloads, it says so in a sentence, and every number equals the ledger', () => {
    expect(told).toContainEqual(
      'browser: 5 orders and 6 requests posted as the same payloads instead: Chromium cannot start on this machine (the system lacks libnss3.so)',
    );
    expect(demo.world.live.requests.length).toBeGreaterThan(3);
    expect(demo.judged.differences).toEqual([]);
  });
});
