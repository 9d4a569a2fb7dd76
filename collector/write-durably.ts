import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Suffix of what is not whole yet; what a process leaves of it that died is worth nothing. */
export const draftSuffix = '.draft';

/**
 * Replaces the content of a file, whose folder is made when it is missing. Whatever happens to the process or the machine, the file is
 * the old one or the new one, whole; once it resolves it is the new one. Writers of one file take turns themselves.
 */
export async function writeDurably(path: string, content: string | Buffer): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = path + draftSuffix;
  await writeSynced(draft, content);
  await rename(draft, path);
  await syncDirectory(folder);
}

/**
 * Makes a file, for its owner alone, in a folder that is there. As writeDurably, but a file that is there already is left as it is: of
 * several writers one wins, and none ever sees half of it.
 */
export async function createDurably(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}${draftSuffix}`;
  try {
    await writeSynced(draft, content, 0o600);
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await unlink(draft).catch(() => undefined);
  }
  await syncDirectory(dirname(path));
}

async function writeSynced(path: string, content: string | Buffer, mode?: number): Promise<void> {
  const handle = await open(path, 'w', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder durable: a new file may otherwise be gone after a power cut although its bytes were synced. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
