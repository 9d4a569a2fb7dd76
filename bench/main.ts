import { measureCollector } from './collector.ts';
import { measureFreshness } from './freshness.ts';
import { measureReports } from './reports.ts';
import { runParts } from './run-parts.ts';

await runParts({ collector: measureCollector, reports: measureReports, freshness: measureFreshness });
