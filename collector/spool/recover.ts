import { join } from 'node:path';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { splitLines } from './lines.ts';
import { closedSuffix, openSuffix, waitingForDisk } from './segment.ts';
import type { SpoolFs } from './spool-fs.ts';

/** Suffix of what is whole of a segment while it is written; after a crash it is written anew. */
const mendedSuffix = '.mended';

/**
 * Closes the segments that a process left open when it died, without the lines that are not whole; an empty segment is removed.
 *
 * Groups are written one after the other, each only when the one before is synced. So a power cut tears the last group alone,
 * which was never acknowledged. It tears it anywhere: pages reach the disk in any order, and one that did not is a hole of
 * zeros. Whole lines behind a hole are kept: of the last group they do no harm, because what is sent again counts once, and if
 * the hole is one that a failing disk made in what was acknowledged, they must not be lost with it. A segment that cannot be read is
 * left for the next start.
 */
export async function recoverSegments(fs: SpoolFs, directory: string, logger: WarehouseLogger): Promise<void> {
  const fileNames = await fs.readdir(directory);
  for (const fileName of fileNames) if (fileName.endsWith(mendedSuffix)) await fs.unlink(join(directory, fileName));
  for (const fileName of fileNames) if (fileName.endsWith(openSuffix)) await recover(fs, directory, fileName, logger);
}

async function recover(fs: SpoolFs, directory: string, fileName: string, logger: WarehouseLogger): Promise<void> {
  const path = join(directory, fileName);
  const bytes = await fs.readFile(path).catch((error: unknown) => {
    logger.error({ file: path, problem: String(error) }, `${waitingForDisk}, at the next start`);
    return undefined;
  });
  if (bytes === undefined) return;
  const whole = Buffer.concat(splitLines(bytes).filter(isWhole));
  if (whole.length === 0) return fs.unlink(path);
  // Only the end is cut off in place: a full disk may have torn it, and has no room for a second file.
  if (bytes.subarray(0, whole.length).equals(whole)) await fs.truncate(path, whole.length);
  else await replace(fs, path, whole);
  await fs.rename(path, path.slice(0, -openSuffix.length) + closedSuffix);
}

async function replace(fs: SpoolFs, path: string, bytes: Buffer): Promise<void> {
  const file = await fs.create(path + mendedSuffix);
  await file.write(bytes);
  await file.close();
  await fs.rename(path + mendedSuffix, path);
}

function isWhole(line: Buffer): boolean {
  const text = line.toString();
  if (!text.startsWith('{"batch":"') || !text.endsWith('\n')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
