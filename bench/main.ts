import { measureCollector } from './collector.ts';
import { measureFreshness } from './freshness.ts';
import { say } from './lines.ts';
import { measureReports } from './reports.ts';

const parts: Readonly<Record<string, () => Promise<void>>> = {
  collector: measureCollector,
  reports: measureReports,
  freshness: measureFreshness,
};

const names = Object.keys(parts);
const flag = process.argv.indexOf('--only');
const only = flag === -1 ? undefined : process.argv[flag + 1];
if (flag !== -1 && !names.includes(only ?? '')) {
  process.stderr.write(`--only takes one of ${names.join(', ')}\n`);
  process.exit(2);
}
for (const name of only === undefined ? names : [only]) {
  await parts[name]?.();
  say();
}
