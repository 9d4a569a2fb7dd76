import { say } from './lines.ts';

/** Runs all parts of a measurement in their order, or the one that `--only` names. */
export async function runParts(parts: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
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
}
