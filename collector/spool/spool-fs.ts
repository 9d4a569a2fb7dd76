import { constants } from 'node:fs';
import { open, readdir, readFile, rename, truncate, unlink } from 'node:fs/promises';
import { platform } from 'node:os';

/** An open segment. */
export interface SpoolFile {
  /** Writes all of the bytes at the end; they are on disk when it resolves. */
  write(bytes: Buffer): Promise<void>;
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

const { O_APPEND, O_CREAT, O_DSYNC, O_EXCL, O_WRONLY } = constants;

/**
 * On Linux a write to such a file is a write and an fdatasync in one: between two calls a busy process would let the disk wait for its turn.
 * Elsewhere the flag promises less than the call. https://man7.org/linux/man-pages/man2/open.2.html
 */
const writesAreSynced = platform() === 'linux';
const newFile = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | (writesAreSynced ? O_DSYNC : 0);

async function create(path: string): Promise<SpoolFile> {
  const handle = await open(path, newFile, 0o666);
  return {
    write: async (bytes) => {
      await handle.writeFile(bytes);
      if (!writesAreSynced) await handle.datasync();
    },
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
