import { runCollectorWorker } from './runtime/collector-worker.ts';

runCollectorWorker();
