import {
  type CollectLimits,
  type CollectPaths,
  sharedLimits,
  withUsualPaths,
} from '../../collector/create-collector.ts';
import type { Config } from '../config/schema.ts';

/** What one process takes of the events, and where. */
export interface Intake {
  readonly limits: CollectLimits;
  readonly paths: CollectPaths;
  /** So much of the disk stays free. */
  readonly minFreeBytes: number;
}

const megabyte = 1024 * 1024;

/** The same for each of so many workers, and for the main process, which takes the events of one that cannot. */
export function intakeOf({ collector }: Pick<Config, 'collector'>, workers: number): Intake {
  const { address, site, free_disk_mb } = collector.limits;
  const limits = {
    address: { perSecond: address.per_second, burst: address.burst },
    site: { perSecond: site.per_second, burst: site.burst },
  };
  return {
    limits: sharedLimits(limits, workers),
    paths: withUsualPaths(collector.paths),
    minFreeBytes: free_disk_mb * megabyte,
  };
}
