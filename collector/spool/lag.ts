import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { closedSegments, closedSuffix, spoolStreams } from './segment.ts';

/** What of a spool waits for the database. */
export interface SpoolLag {
  readonly segments: number;
  readonly bytes: number;
  /** When the oldest of them was last written; undefined when none waits. */
  readonly sinceMs: number | undefined;
}

/** Looks at the closed segments of a spool without reading them; the one that is still written is less than some seconds old. */
export async function spoolLag(dir: string): Promise<SpoolLag> {
  let segments = 0;
  let bytes = 0;
  let sinceMs: number | undefined;
  for (const stream of spoolStreams) {
    const folder = join(dir, stream);
    for (const segment of closedSegments(await readdir(folder).catch(() => []))) {
      // The loader may take it meanwhile.
      const info = await stat(join(folder, segment + closedSuffix)).catch(() => undefined);
      if (info === undefined) continue;
      segments += 1;
      bytes += info.size;
      sinceMs = Math.min(sinceMs ?? info.mtimeMs, info.mtimeMs);
    }
  }
  return { segments, bytes, sinceMs };
}
