import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A text that is made once and then kept in the data folder, readable by its owner alone. */
export function keptText(dataDir: string, name: string, make: () => string): string {
  const path = join(dataDir, name);
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${make()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(path, 'utf8').trim();
}

/** Key of the hashes of contacts. */
export const projectSecret = (dataDir: string, configured: string | undefined): string =>
  configured ?? keptText(dataDir, 'secret', () => randomBytes(32).toString('hex'));

/** Public key of the only site of an installation without a configuration file. */
export const defaultSiteKey = (dataDir: string): string =>
  keptText(dataDir, 'site-key', () => `site_${randomBytes(6).toString('hex')}`);
