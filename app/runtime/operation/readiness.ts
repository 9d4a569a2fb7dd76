import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { WarehouseLogger } from '../../../warehouse/logger.ts';

/** Something that must be in order before events can be taken. */
export interface NotReady {
  readonly part: 'spool' | 'disk' | 'workers' | 'database';
  /** What is wrong, for anybody who asks. */
  readonly detail: string;
  /** Where, how much and how to mend it, for the log: paths and free room are nobody else's business. */
  readonly cause: string;
}

export interface ReadinessDeps {
  /** Folders of the spools. */
  readonly spools: readonly string[];
  readonly freeBytes: () => Promise<number | undefined>;
  readonly minFreeBytes: number;
  readonly workers: () => { readonly wanted: number; readonly open: number } | undefined;
}

/** Everything that keeps this installation from taking events; empty: it takes them. */
export async function whatIsNotReady(deps: ReadinessDeps): Promise<NotReady[]> {
  const found = [...(await Promise.all(deps.spools.map(tryToWrite))), await lookAtDisk(deps), lookAtWorkers(deps)];
  return found.filter((one) => one !== undefined);
}

/** Whether a file can be made, written and removed, which alone shows a disk that is full or read-only. */
async function tryToWrite(dir: string): Promise<NotReady | undefined> {
  const path = join(dir, 'writable');
  try {
    const file = await open(path, 'w');
    try {
      await file.write('yes');
    } finally {
      await file.close();
    }
    await unlink(path);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const cause = `${dir} cannot be written (${code}): mend its rights, or the disk.`;
    return { part: 'spool', detail: 'Events cannot be written to the disk.', cause };
  }
}

async function lookAtDisk({ freeBytes, minFreeBytes }: ReadinessDeps): Promise<NotReady | undefined> {
  const free = await freeBytes();
  if (free === undefined || free >= minFreeBytes) return undefined;
  const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);
  const cause = `The disk has ${megabytes(free)} MB free and ${megabytes(minFreeBytes)} MB must stay free: make room, or lower collector.limits.free_disk_mb.`;
  return { part: 'disk', detail: 'Less of the disk is free than must stay free.', cause };
}

function lookAtWorkers({ workers }: ReadinessDeps): NotReady | undefined {
  const { wanted, open: taking } = workers() ?? { wanted: 0, open: 0 };
  // What comes to one that cannot is taken by the main process meanwhile.
  if (wanted === 0 || taking > 0) return undefined;
  const cause = `None of the ${wanted} processes that take events does; each has said why, and they are tried again.`;
  return { part: 'workers', detail: 'No process takes events.', cause };
}

/** Asks, and writes down what is not ready, once until that changes: whoever asks is not told the cause. */
export function noted(
  logger: Pick<WarehouseLogger, 'warn' | 'info'>,
  ask: () => Promise<readonly NotReady[]>,
): () => Promise<readonly NotReady[]> {
  let last = '';
  return async () => {
    const found = await ask();
    const parts = found.map(({ part }) => part).join(' ');
    if (parts !== last && parts !== '') logger.warn({ causes: found.map(({ cause }) => cause) }, 'not ready');
    if (parts !== last && parts === '') logger.info({}, 'ready again');
    last = parts;
    return found;
  };
}
