import type { WarehouseLogger } from '../../warehouse/logger.ts';
import type { SpoolFs } from './spool-fs.ts';

export interface FreeSpaceOptions {
  readonly fs: Pick<SpoolFs, 'freeBytes'>;
  /** A folder of the disk. */
  readonly dir: string;
  /** 0: the disk is not looked at. */
  readonly minFreeBytes: number;
  /** How often the disk is looked at. Between two looks a fast disk takes some tens of megabytes. */
  readonly lookMs: number;
  readonly logger: WarehouseLogger;
}

export interface FreeSpace {
  /** Less is free than must stay free, as of the last look. */
  readonly isShort: boolean;
  stop(): void;
}

/**
 * Watches how much of the disk is free: the database beside us breaks on a full disk, and what it has not taken could not be taken from us
 * either. A disk that does not tell counts as one with room; writing to it shows the truth.
 */
export async function watchFreeSpace(options: FreeSpaceOptions): Promise<FreeSpace> {
  const { fs, dir, minFreeBytes, lookMs, logger } = options;
  if (minFreeBytes === 0) return { isShort: false, stop: () => undefined };
  let isShort = false;
  const look = async (): Promise<void> => {
    const freeBytes = await fs.freeBytes(dir).catch(() => Number.POSITIVE_INFINITY);
    const wasShort = isShort;
    isShort = freeBytes < minFreeBytes;
    if (isShort && !wasShort)
      logger.error({ dir, freeBytes, minFreeBytes }, 'the disk is almost full: events are put off until there is room');
    if (!isShort && wasShort) logger.info({ dir, freeBytes }, 'the disk has room again: events are taken');
  };
  await look();
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();
  return {
    get isShort() {
      return isShort;
    },
    stop: () => clearInterval(timer),
  };
}
