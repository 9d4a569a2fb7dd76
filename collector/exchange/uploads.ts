import { mkdir, open, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { failedFiles, keepFailed, listFolder, toldPath } from './failed-files.ts';
import { diskName, nameFromDisk } from './file-name.ts';
import { type ImportFile, ImportInterruptedError } from './import-file.ts';
import { hashOfFile, openImportedHashes } from './imported-hashes.ts';
import { isComplete } from './is-complete.ts';

/** A file of an exchange on its way in. */
export interface Upload {
  readonly filename: string;
  path: string;
  /** Bytes on disk for certain. */
  bytes: number;
  /** `abandoned`: 1C began the exchange anew before the file was whole. */
  state: 'receiving' | 'abandoned' | 'importing' | 'imported' | 'failed';
  /** Why the import failed. */
  problem: string;
  /** Settled when the import has ended. */
  ended: Promise<void>;
  /** Beginnings of the same file, which are worth nothing once this one is imported. */
  readonly replaces: readonly string[];
}

const newUpload = (path: string, filename: string, replaces: readonly string[] = []): Upload => ({
  filename,
  path,
  bytes: 0,
  state: 'receiving',
  problem: '',
  ended: Promise.resolve(),
  replaces,
});

export interface UploadsOptions {
  /** Folder of one source. */
  readonly dir: string;
  readonly sourceId: string;
  readonly importFile: ImportFile;
  readonly logger: WarehouseLogger;
}

const maxToldFiles = 20;

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

  /** A new file, or an abandoned one from its beginning. */
  begin(sessionId: string, filename: string, known?: Upload): Upload {
    const path = join(this.#options.dir, sessionId, diskName(this.#count++, filename));
    return newUpload(path, filename, known?.state === 'abandoned' ? [...known.replaces, known.path] : []);
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

  /** Imports what an earlier process could not, and then what it had received, the oldest session first. To be called once. */
  async resume(): Promise<void> {
    for (const { path, filename } of await failedFiles(this.#options.dir)) await this.import(newUpload(path, filename));
    for (const session of await this.#leftSessions()) await this.settle(session);
  }

  /**
   * Imports what is left of a session that is over. 1C was told that each file has come, so one that is cut off is read too, as far as
   * it goes, and put aside with the reason.
   */
  async settle(sessionId: string): Promise<void> {
    await this.#queue;
    const folder = join(this.#options.dir, sessionId);
    const files = (await listFolder(folder))
      .sort()
      .map((stored) => ({ path: join(folder, stored), filename: nameFromDisk(stored) }));
    for (const [index, { path, filename }] of files.entries()) {
      const isSame = (other: { readonly filename: string }): boolean => other.filename === filename;
      if (files.slice(index + 1).some(isSame) && !(await isComplete(path, filename))) continue;
      const replaces = files.slice(0, index).filter(isSame);
      await this.#settleFile(
        newUpload(
          path,
          filename,
          replaces.map((other) => other.path),
        ),
      );
    }
    await rmdir(folder).catch(() => undefined);
  }

  async #settleFile(upload: Upload): Promise<void> {
    const { size } = await stat(upload.path);
    if (size === 0) await unlink(upload.path);
    else await this.import(upload);
  }

  async #leftSessions(): Promise<string[]> {
    const names = (await listFolder(this.#options.dir)).filter((name) => /^[0-9a-f]{32}$/.test(name));
    const found = await Promise.all(
      names.map(async (name) => ({ name, mtimeMs: (await stat(join(this.#options.dir, name))).mtimeMs })),
    );
    return found.sort((a, b) => a.mtimeMs - b.mtimeMs).map(({ name }) => name);
  }

  /** 1C has heard that the import failed, and sends the file again: only the last such files are kept. */
  async told(upload: Upload): Promise<void> {
    const { dir } = this.#options;
    const path = toldPath(dir, upload.path);
    if (path === undefined) return;
    await rename(upload.path, path);
    upload.path = path;
    const told = (await failedFiles(dir)).filter(({ isTold }) => isTold);
    for (const file of told.slice(0, -maxToldFiles)) await unlink(file.path);
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
        await Promise.all([upload.path, ...upload.replaces].map((path) => rm(path, { force: true })));
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

  /** Keeps a file that could not be imported: 1C may have been told that it has come, and sends it no more. */
  async #putAside(upload: Upload, problem: string): Promise<void> {
    const { dir, sourceId, logger } = this.#options;
    upload.state = 'failed';
    upload.problem = problem;
    // Where it cannot be moved it stays with its session, which the next start settles.
    upload.path = await keepFailed(dir, upload.path).catch(() => upload.path);
    const { filename, path } = upload;
    logger.warn(
      { sourceId, filename, path, problem },
      'a file of 1C could not be imported; it is kept and tried again at the next start',
    );
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
