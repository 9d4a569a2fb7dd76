import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Something that must be in order before events can be taken. */
export interface NotReady {
  readonly part: 'spool' | 'disk' | 'workers' | 'database';
  /** What is wrong and how to mend it. */
  readonly detail: string;
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
    return { part: 'spool', detail: `${dir} cannot be written (${code}): mend its rights, or the disk.` };
  }
}

async function lookAtDisk({ freeBytes, minFreeBytes }: ReadinessDeps): Promise<NotReady | undefined> {
  const free = await freeBytes();
  if (free === undefined || free >= minFreeBytes) return undefined;
  const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);
  const detail = `The disk has ${megabytes(free)} MB free and ${megabytes(minFreeBytes)} MB must stay free: make room, or lower collector.limits.free_disk_mb.`;
  return { part: 'disk', detail };
}

function lookAtWorkers({ workers }: ReadinessDeps): NotReady | undefined {
  const { wanted, open: taking } = workers() ?? { wanted: 0, open: 0 };
  // What comes to one that cannot is taken by the main process meanwhile.
  if (wanted === 0 || taking > 0) return undefined;
  const detail = `None of the ${wanted} processes that take events does; the log says why, and they are tried again.`;
  return { part: 'workers', detail };
}
