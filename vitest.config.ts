import { defineConfig } from 'vitest/config';
import SlowFirstSequencer from './test/support/slow-first-sequencer.ts';

/** Measures the memory of its process. */
const needProcess = ['test/etl/onec-commerceml/streaming.test.ts'];

/** Run by `npm run test:long`. */
const long = 'test/long/**';

export default defineConfig({
  test: {
    globalSetup: ['./test/support/global-setup.ts'],
    pool: 'forks',
    // More than a small machine has cores: files often wait for a disk, a browser or a process that starts.
    maxWorkers: 4,
    // A young generation of the usual size is cleaned so often that it costs a twentieth of their time.
    execArgv: ['--max-semi-space-size=32'],
    sequence: { sequencer: SlowFirstSequencer },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      // Loading the product anew for each file would take a quarter of the time.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...needProcess, long], isolate: false },
      },
      { extends: true, test: { name: 'alone', include: needProcess } },
    ],
  },
});
