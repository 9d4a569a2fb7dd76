import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDurably } from '../../collector/write-durably.ts';
import { DataFolderError } from './data-folder-error.ts';

interface Kept {
  readonly name: string;
  readonly make: () => string;
  /** What was made looks so: half a key would be a key, and a wrong one. */
  readonly shape: RegExp;
  readonly holds: string;
  /** What to do when there is no copy of it. */
  readonly cure: string;
}

const secret: Kept = {
  name: 'secret',
  make: () => randomBytes(32).toString('hex'),
  shape: /^[0-9a-f]{64}$/,
  holds: 'the key of the hashes of phones and e-mails, 64 digits and letters a to f',
  cure: 'delete it, and the next start makes another key: phones and e-mails that came until then meet no new ones, which rebuild cannot mend. A key of your own belongs into the configuration (secret)',
};

const siteKey: Kept = {
  name: 'site-key',
  make: () => `site_${randomBytes(6).toString('hex')}`,
  shape: /^site_[0-9a-f]{12}$/,
  holds: 'the key of the site, such as site_0123456789ab',
  cure: 'write into it what data-site says in the tag on your pages; or delete it, and put the tag that the next start prints on your pages',
};

const installation: Kept = {
  name: 'installation',
  make: randomUUID,
  shape: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  holds: 'the id of this installation',
  cure: 'delete it: the next start names the id that the database knows, to be written into it',
};

/** A text that is made once and then kept in the data folder, readable by its owner alone. Throws DataFolderError. */
async function keptText(dataDir: string, { name, make, shape, holds, cure }: Kept): Promise<string> {
  const path = join(dataDir, name);
  const text = (await readOrMake(path, make)).trim();
  if (shape.test(text)) return text;
  throw new DataFolderError(
    `${path} does not hold ${holds}: a power cut, a full disk or an editor may have spoilt it. Put it back from a backup. Without one ${cure}.`,
  );
}

async function readOrMake(path: string, make: () => string): Promise<string> {
  try {
    const kept = await readIfThere(path);
    if (kept !== undefined) return kept;
    await createDurably(path, `${make()}\n`);
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new DataFolderError(`${path} can be neither read nor made (${code}): mend its rights, or the disk.`);
  }
}

const readIfThere = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

/** Key of the hashes of contacts. Throws DataFolderError. */
export const projectSecret = async (dataDir: string, configured: string | undefined): Promise<string> =>
  configured ?? keptText(dataDir, secret);

/** Public key of the only site of an installation without a configuration file. Throws DataFolderError. */
export const defaultSiteKey = (dataDir: string): Promise<string> => keptText(dataDir, siteKey);

/** What the database knows the data folder by. Throws DataFolderError. */
export const installationId = (dataDir: string): Promise<string> => keptText(dataDir, installation);
