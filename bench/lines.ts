import { loadavg } from 'node:os';
import { memoryOf } from './processes.ts';
import type { Product } from './product.ts';

export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** A measurement next to other work says less; the load average tells how much else ran. */
export const machineLoad = (): string => `load average ${loadavg()[0]?.toFixed(1)}`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Resident memory of each process of the product, now and at most. */
export async function memoryLine(
  when: string,
  { pid, workerPids, databasePid }: Pick<Product, 'pid' | 'workerPids' | 'databasePid'>,
): Promise<string> {
  const text = async (of: number): Promise<string> => {
    const { nowMb, peakMb } = await memoryOf(of);
    return `${nowMb.toFixed(0)} MB (peak ${peakMb.toFixed(0)})`;
  };
  const workers = await Promise.all(workerPids.map(text));
  return `memory ${when}: main process ${await text(pid)}, taking events ${workers.join(' and ')}, database ${await text(databasePid)}`;
}
