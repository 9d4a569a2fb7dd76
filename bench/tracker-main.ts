import { measureTracker } from './tracker.ts';

await measureTracker(process.argv[2]);
