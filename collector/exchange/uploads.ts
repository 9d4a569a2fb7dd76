import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { diskName, nameFromDisk } from './file-name.ts';
import { type ImportFile, ImportInterruptedError } from './import-file.ts';
import { hashOfFile, openImportedHashes } from './imported-hashes.ts';
import { isComplete } from './is-complete.ts';

/** A file of an exchange on its way in. */
export interface Upload {
  readonly filename: string;
  readonly path: string;
  /** Bytes on disk for certain. */
  bytes: number;
  state: 'receiving' | 'importing' | 'imported' | 'failed';
  /** Why the import failed. */
  problem: string;
  /** Settled when the import has ended. */
  ended: Promise<void>;
}

export interface UploadsOptions {
  /** Folder of one source. */
  readonly dir: string;
  readonly sourceId: string;
  readonly importFile: ImportFile;
  readonly logger: WarehouseLogger;
}

const failedFolder = 'failed';
const maxFailedFiles = 20;

/** Files of one source: received piece by piece, imported one after the other, deleted when imported. */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #hashes;
  #queue: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#hashes = openImportedHashes(join(options.dir, 'imported.json'));
  }

  begin(sessionId: string, filename: string): Upload {
    const path = join(this.#options.dir, sessionId, diskName(this.#count++, filename));
    return { filename, path, bytes: 0, state: 'receiving', problem: '', ended: Promise.resolve() };
  }

  /** Adds a piece; ok when it is on disk. A piece that broke off or is too much leaves no trace. */
  async append(
    upload: Upload,
    piece: AsyncIterable<Buffer>,
    maxBytes: number,
  ): Promise<Result<void, 'too_large' | 'broken_off'>> {
    await mkdir(join(upload.path, '..'), { recursive: true });
    const handle = await open(upload.path, 'a');
    try {
      const written = await writePiece(handle, piece, maxBytes);
      if (written === undefined) {
        await handle.truncate(upload.bytes);
        return failed(
          'too_large',
          upload.filename,
          'The files of one exchange are too large together: send less at once.',
        );
      }
      await handle.datasync();
      upload.bytes += written;
      return ok(undefined);
    } catch (error) {
      await handle.truncate(upload.bytes);
      const reason = error instanceof Error ? error.message : String(error);
      return failed(
        'broken_off',
        upload.filename,
        `The piece did not arrive or could not be written (${reason}): send it again.`,
      );
    } finally {
      await handle.close();
    }
  }

  /** Imports a file after those before it. Safe to call again: a file is imported once. */
  import(upload: Upload): Promise<void> {
    if (upload.state !== 'receiving') return upload.ended;
    upload.state = 'importing';
    this.#queue = this.#queue.then(() => this.#run(upload));
    upload.ended = this.#queue;
    return upload.ended;
  }

  /** Imports what an earlier process had received whole, the oldest session first, and removes the pieces of the rest. */
  async resume(): Promise<void> {
    for (const session of await this.#leftSessions()) {
      for (const stored of (await listFolder(join(this.#options.dir, session))).sort()) {
        await this.#resumeFile(session, stored);
      }
      await this.forget(session);
    }
  }

  /** Removes the files of a session when what is being imported of them is done. */
  async forget(sessionId: string): Promise<void> {
    await this.#queue;
    await rm(join(this.#options.dir, sessionId), { recursive: true, force: true });
  }

  async #leftSessions(): Promise<string[]> {
    const names = (await listFolder(this.#options.dir)).filter((name) => /^[0-9a-f]{32}$/.test(name));
    const found = await Promise.all(
      names.map(async (name) => ({ name, mtimeMs: (await stat(join(this.#options.dir, name))).mtimeMs })),
    );
    return found.sort((a, b) => a.mtimeMs - b.mtimeMs).map(({ name }) => name);
  }

  async #resumeFile(session: string, stored: string): Promise<void> {
    const path = join(this.#options.dir, session, stored);
    const filename = nameFromDisk(stored);
    if (!(await isComplete(path, filename))) return unlink(path);
    await this.import({ filename, path, bytes: 0, state: 'receiving', problem: '', ended: Promise.resolve() });
  }

  /** Settled when nothing is being imported. */
  async idle(): Promise<void> {
    await this.#queue;
  }

  async #run(upload: Upload): Promise<void> {
    const { sourceId, logger } = this.#options;
    const { filename } = upload;
    try {
      const hash = await hashOfFile(upload.path);
      const outcome = await this.#importUnlessKnown(upload, hash);
      if (outcome.ok) {
        await this.#hashes.remember(filename, hash);
        await unlink(upload.path);
        upload.state = 'imported';
        logger.info({ sourceId, filename, ...outcome.value }, 'a file of 1C is imported');
      } else {
        await this.#putAside(upload, outcome.problem.detail);
      }
    } catch (error) {
      if (error instanceof ImportInterruptedError) return interrupt(upload);
      logger.error({ sourceId, filename, error: String(error) }, 'importing a file of 1C failed unexpectedly');
      await this.#putAside(upload, 'The import failed unexpectedly; the log of the collector says why.');
    }
  }

  async #importUnlessKnown(upload: Upload, hash: string): ReturnType<ImportFile> {
    const { filename, path } = upload;
    if (await this.#hashes.isKnown(filename, hash)) return ok({ records: 0, rejected: 0 });
    return this.#options.importFile({ sourceId: this.#options.sourceId, path, filename });
  }

  /** Keeps the last files that could not be imported, for whoever looks into it. */
  async #putAside(upload: Upload, problem: string): Promise<void> {
    const { dir, sourceId, logger } = this.#options;
    upload.state = 'failed';
    upload.problem = problem;
    logger.warn({ sourceId, filename: upload.filename, problem }, 'a file of 1C could not be imported');
    const folder = join(dir, failedFolder);
    await mkdir(folder, { recursive: true });
    await rename(upload.path, join(folder, `${Date.now()}-${upload.path.split('/').at(-1)}`)).catch(() => undefined);
    const kept = (await listFolder(folder)).sort();
    for (const name of kept.slice(0, -maxFailedFiles)) await unlink(join(folder, name));
  }
}

/** The file stays where it is: the next start finds and imports it. */
function interrupt(upload: Upload): void {
  upload.state = 'failed';
  upload.problem = 'The collector is being stopped; the file is imported at its next start.';
}

type Handle = Awaited<ReturnType<typeof open>>;

/** Bytes written, or undefined when there are more than allowed. Reads the piece to its end in any case. */
async function writePiece(handle: Handle, piece: AsyncIterable<Buffer>, maxBytes: number): Promise<number | undefined> {
  let bytes = 0;
  for await (const chunk of piece) {
    bytes += chunk.length;
    if (bytes <= maxBytes) await handle.writeFile(chunk);
  }
  return bytes <= maxBytes ? bytes : undefined;
}

const listFolder = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
