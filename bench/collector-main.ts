import { compareWithParsing, compareWithSyncing } from './against-bare.ts';
import { measureDrain } from './drain.ts';
import { runParts } from './run-parts.ts';
import { soak } from './soak.ts';
import { compareWorkers } from './two-workers.ts';

await runParts({
  parsing: compareWithParsing,
  syncing: compareWithSyncing,
  workers: compareWorkers,
  drain: measureDrain,
  soak,
});
