import { loadavg } from 'node:os';
import { memoryOf } from './processes.ts';

export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** A measurement next to other work says less; the load average tells how much else ran. */
export const machineLoad = (): string => `load average ${loadavg()[0]?.toFixed(1)}`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Resident memory of both processes of the product, now and at most. */
export async function memoryLine(
  when: string,
  pids: { readonly pid: number; readonly databasePid: number },
): Promise<string> {
  const [node, database] = await Promise.all([memoryOf(pids.pid), memoryOf(pids.databasePid)]);
  const text = ({ nowMb, peakMb }: typeof node): string => `${nowMb.toFixed(0)} MB (peak ${peakMb.toFixed(0)})`;
  return `memory ${when}: throughline ${text(node)}, database ${text(database)}`;
}
