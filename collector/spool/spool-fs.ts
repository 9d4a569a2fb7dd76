import { open, readdir, readFile, rename, truncate, unlink } from 'node:fs/promises';

/** An open segment. */
export interface SpoolFile {
  /** Writes all of the bytes at the end. */
  write(bytes: Buffer): Promise<void>;
  datasync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** The file operations of the spool; injected, so that tests can let a disk fail. */
export interface SpoolFs {
  /** Opens a new file for appending; fails when the name is taken. */
  create(path: string): Promise<SpoolFile>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  readdir(path: string): Promise<readonly string[]>;
  readFile(path: string): Promise<Buffer>;
  truncate(path: string, bytes: number): Promise<void>;
  /** Makes the names in a folder durable: a new file may otherwise be gone after a power cut although its bytes were synced. */
  syncDirectory(path: string): Promise<void>;
}

async function create(path: string): Promise<SpoolFile> {
  const handle = await open(path, 'ax');
  return {
    write: (bytes) => handle.writeFile(bytes),
    datasync: () => handle.datasync(),
    truncate: (bytes) => handle.truncate(bytes),
    close: () => handle.close(),
  };
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const diskFs: SpoolFs = {
  create,
  rename,
  unlink,
  readdir,
  readFile: (path) => readFile(path),
  truncate,
  syncDirectory,
};
