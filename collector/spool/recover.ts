import { join } from 'node:path';
import { closedSuffix, openSuffix } from './segment.ts';
import type { SpoolFs } from './spool-fs.ts';

/**
 * Closes the segments that a process left open when it died. What follows the last whole line was never acknowledged, so
 * it is cut off; an empty segment is removed.
 */
export async function recoverSegments(fs: SpoolFs, directory: string): Promise<void> {
  for (const fileName of await fs.readdir(directory)) {
    if (fileName.endsWith(openSuffix)) await recover(fs, directory, fileName);
  }
}

async function recover(fs: SpoolFs, directory: string, fileName: string): Promise<void> {
  const path = join(directory, fileName);
  const bytes = await fs.readFile(path);
  const wholeBytes = wholeLinesLength(bytes);
  if (wholeBytes === 0) return fs.unlink(path);
  if (wholeBytes < bytes.length) await fs.truncate(path, wholeBytes);
  await fs.rename(path, path.slice(0, -openSuffix.length) + closedSuffix);
}

const newline = 0x0a;

/** Length up to the last line that is whole JSON. A power cut can leave a tail of zeros as well as half a line. */
function wholeLinesLength(bytes: Buffer): number {
  let end = bytes.lastIndexOf(newline) + 1;
  while (end > 0) {
    const start = end < 2 ? 0 : bytes.lastIndexOf(newline, end - 2) + 1;
    if (isJson(bytes.toString('utf8', start, end))) return end;
    end = start;
  }
  return 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
