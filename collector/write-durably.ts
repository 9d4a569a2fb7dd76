import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces the content of a file, whose folder is made when it is missing. Whatever happens to the process or the machine, the file is
 * the old one or the new one, whole; once it resolves it is the new one. Writers of one file take turns themselves.
 */
export async function writeDurably(path: string, content: string | Buffer): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.draft`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
  await syncDirectory(folder);
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
