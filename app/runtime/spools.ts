import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Loader, LoaderStats } from '../../collector/loader.ts';
import { openSpool, type Spool, type SpoolOptions } from '../../collector/spool.ts';
import { takeLock } from '../../etl/lock.ts';
import { systemSleep } from '../../etl/sleep.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';

/** The main process's own spool. */
export const mainSpool = (dataDir: string): string => join(dataDir, 'spool');

const workersFolder = (dataDir: string): string => join(mainSpool(dataDir), 'workers');

/** The spool of one worker, from 1. */
export const workerSpool = (dataDir: string, slot: number): string => join(workersFolder(dataDir), String(slot));

/** Spools of the workers that there are, and that there ever were: fewer workers leave something behind. */
export function workerSpools(dataDir: string, workers = 0): string[] {
  const running = Array.from({ length: workers }, (_, index) => workerSpool(dataDir, index + 1));
  return [...running, ...leftSpools(dataDir, workers)];
}

/** Those beyond the workers that there are. */
export const leftSpools = (dataDir: string, workers: number): string[] =>
  readdirNames(workersFolder(dataDir))
    .filter((name) => /^\d+$/.test(name) && Number(name) > workers)
    .map((name) => workerSpool(dataDir, Number(name)));

/** Opens the spool of a worker when no other process, such as a worker whose main process was killed, writes into it any more. */
export async function openWorkerSpool(
  options: Pick<SpoolOptions, 'dir' | 'clock' | 'minFreeBytes'> & { readonly logger: WarehouseLogger },
): Promise<Spool> {
  const { dir, logger } = options;
  const release = await takeLock({
    path: `${dir}.lock`,
    sleep: systemSleep,
    onWait: ({ pid, host }) =>
      logger.warn({ spool: dir, pid, host }, 'waits for a process of an earlier start that still writes events'),
  });
  try {
    const spool = await openSpool(options);
    return { ...spool, closeAll: () => spool.closeAll().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

export const allSpools = (dataDir: string): string[] => [mainSpool(dataDir), ...workerSpools(dataDir)];

function readdirNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Loaders of several spools as one. */
export const loadersTogether = (loaders: readonly Loader[]): Loader => ({
  start: () => {
    for (const loader of loaders) loader.start();
  },
  stop: async () => void (await Promise.all(loaders.map((loader) => loader.stop()))),
  drain: async () => (await Promise.all(loaders.map((loader) => loader.drain()))).every(Boolean),
  stats: () => {
    const all = loaders.map((loader) => loader.stats());
    const sum = (of: keyof LoaderStats): number => all.reduce((total, stats) => total + stats[of], 0);
    return { loaded: sum('loaded'), failed: sum('failed') };
  },
});
