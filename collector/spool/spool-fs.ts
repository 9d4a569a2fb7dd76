import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, statfs, truncate, unlink } from 'node:fs/promises';
import { platform } from 'node:os';
import { syncDirectory } from '../write-durably.ts';

/** An open segment. */
export interface SpoolFile {
  /** Writes all of the bytes at the end; they are on disk when it resolves. */
  write(bytes: Buffer): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** The file operations of the spool; injected, so that tests can let a disk fail. */
export interface SpoolFs {
  /**
   * Opens a new file; fails when the name is taken. `roomBytes`: so many zeros lie in it, and the first writes go over them, which takes
   * half as long and waits for nobody: where a file grows, its length goes through the journal of the file system, behind whatever others write.
   */
  create(path: string, roomBytes?: number): Promise<SpoolFile>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  readdir(path: string): Promise<readonly string[]>;
  readFile(path: string): Promise<Buffer>;
  truncate(path: string, bytes: number): Promise<void>;
  /** Makes the names in a folder durable. */
  syncDirectory(path: string): Promise<void>;
  /** Bytes of the disk of a folder that we may still write. */
  freeBytes(path: string): Promise<number>;
}

const { O_CREAT, O_DSYNC, O_EXCL, O_WRONLY } = constants;

/**
 * On Linux a write to such a file is a write and an fdatasync in one: between two calls a busy process would let the disk wait for its turn.
 * Elsewhere the flag promises less than the call. https://man7.org/linux/man-pages/man2/open.2.html
 */
const writesAreSynced = platform() === 'linux';
const newFile = O_WRONLY | O_CREAT | O_EXCL | (writesAreSynced ? O_DSYNC : 0);

/** Room is made in pieces: one long write would hold up those of other files for as long as it takes. */
const pieceOfRoom = Buffer.alloc(256 * 1024);

async function create(path: string, roomBytes = 0): Promise<SpoolFile> {
  const handle = await open(path, newFile, 0o666);
  let end = 0;
  const write = async (bytes: Buffer): Promise<void> => {
    await writeAt(handle, bytes, end);
    if (!writesAreSynced) await handle.datasync();
    end += bytes.length;
  };
  if (roomBytes > 0) {
    try {
      while (end < roomBytes) await write(pieceOfRoom.subarray(0, roomBytes - end));
    } catch (error) {
      // Half of the room would only make a full disk fuller.
      await handle.close();
      await unlink(path);
      throw error;
    }
  }
  end = 0;
  return { write, truncate: (bytes) => handle.truncate(bytes), close: () => handle.close() };
}

/** The kernel may take less than it is given. */
async function writeAt(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
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
  freeBytes: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};
