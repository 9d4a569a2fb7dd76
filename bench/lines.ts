import { loadavg } from 'node:os';

export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** A measurement next to other work says less; the load average tells how much else ran. */
export const machineLoad = (): string => `load average ${loadavg()[0]?.toFixed(1)}`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
