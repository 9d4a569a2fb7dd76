import { join } from 'node:path';
import { type LeaseState, leaseFile, leasesName } from '../../collector/calls/lease-file.ts';
import type { NumberPool } from '../../collector/calls/number-pool.ts';
import { shortagesOfLastDay } from '../../collector/calls/shortages.ts';
import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';

type Looked = Pick<Installation, 'config' | 'dataDir' | 'clock'>;

/** Pools of call tracking with too few numbers. */
export async function checkCallTracking({ config, dataDir, clock }: Looked): Promise<Finding[]> {
  const pools = config.call_tracking.pools.filter(({ kind }) => kind === 'dynamic');
  if (pools.length === 0) return [];
  const store = leaseFile(join(dataDir, leasesName));
  const read = await store.read();
  if (read.ok) return pools.map((pool) => checkPool(pool, read.value, clock.now()));
  const says = `the leases of numbers in ${store.path} cannot be read (${read.problem.detail}): mend its rights or the disk, and start throughline again; what is spoilt it makes anew, and leases numbers when those of before have ended`;
  return [{ what: 'call tracking', says, isGood: false }];
}

function checkPool({ name, numbers }: NumberPool, { leases, shortages }: LeaseState, nowMs: number): Finding {
  const what = `numbers of ${name}`;
  const visits = shortagesOfLastDay(shortages, name, nowMs);
  if (visits > 0) {
    const all = numbers.length === 1 ? 'its only number was' : `all its ${numbers.length} numbers were`;
    const says = `${all} taken when ${visits} more visits of the last day came, whose calls cannot be told from others: add numbers, limit the pool to fewer sources, or make hold_minutes shorter`;
    return { what, says, isGood: true, isWarning: true };
  }
  const taken = leases.filter(({ pool, untilMs }) => pool === name && untilMs > nowMs).length;
  return { what, says: `${taken} of ${numbers.length} are leased to visits`, isGood: true };
}
