import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoOptions } from '../../app/demo/run-demo.ts';
import { silentLogger } from '../../warehouse/logger.ts';

const folder = mkdtempSync(join(tmpdir(), 'throughline-truth-'));

/** Everything of a small made-up shop but its clock and its days. */
export const options = (name: string): Omit<DemoOptions, 'clock' | 'days'> => ({
  scale: 'test',
  seed: name,
  dataDir: join(folder, name),
  port: 0,
  host: '127.0.0.1',
  env: {},
  logger: silentLogger,
  progress: { step: () => {}, wait: () => {}, done: () => {} },
});
