import { diskFs } from '../../collector/spool/spool-fs.ts';
import type { Config } from '../config/schema.ts';
import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';
import { intakeOf } from './intake.ts';

/** Less room than this above what must stay free does not last long. */
const comfortBytes = 1024 ** 3;

const amount = (bytes: number): string =>
  bytes < 1024 ** 3 ? `${Math.floor(bytes / 1024 ** 2)} MB` : `${(bytes / 1024 ** 3).toFixed(1)} GB`;

/** Whether events are turned away for want of room, by the limit that the configuration sets, or soon will be. */
export async function checkDisk(
  { dataDir, config }: Pick<Installation, 'dataDir'> & { readonly config: Pick<Config, 'collector'> },
  freeBytesOf: (dir: string) => Promise<number> = diskFs.freeBytes,
): Promise<Finding> {
  const free = await freeBytesOf(dataDir).catch(() => undefined);
  if (free === undefined) return { what: 'disk', says: `how much is free in ${dataDir} cannot be told`, isGood: true };
  const { minFreeBytes } = intakeOf(config, 0);
  const says = `${amount(free)} free in ${dataDir}`;
  const limit = `${amount(minFreeBytes)} (collector.limits.free_disk_mb)`;
  if (free < minFreeBytes) {
    const cure = 'make room, or lower it. They are taken again by themselves';
    return { what: 'disk', says: `${says}: events are turned away below ${limit}; ${cure}`, isGood: false };
  }
  if (free - minFreeBytes >= comfortBytes) return { what: 'disk', says, isGood: true };
  const soon = minFreeBytes === 0 ? 'a full disk stops the database' : `events will be turned away below ${limit}`;
  return { what: 'disk', says: `${says}: make room, ${soon}`, isGood: true, isWarning: true };
}
