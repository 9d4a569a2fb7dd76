import { basename } from 'node:path';
import { spoolLag } from '../../../collector/spool/lag.ts';
import { diskFs } from '../../../collector/spool/spool-fs.ts';
import type { TokenStore } from '../../../warehouse/token-store.ts';
import type { CollectorRole } from '../collector-role.ts';
import type { EtlRole } from '../etl-role.ts';
import type { Workers } from '../front.ts';
import type { Installation } from '../installation.ts';
import { intakeOf } from '../intake.ts';
import { allSpools, mainSpool, workerSpool } from '../spools.ts';
import type { Figures, TakingProcess } from './metrics.ts';
import type { OperationOptions } from './operation-router.ts';
import { type NotReady, noted, whatIsNotReady } from './readiness.ts';

/** The roles of this process. */
export interface RunningRoles {
  readonly collector: CollectorRole | undefined;
  readonly etl: EtlRole | undefined;
  readonly workers: Workers | undefined;
  readonly tokens: TokenStore;
}

/** What this process tells of itself. */
export function operationOf(installation: Installation, roles: RunningRoles): OperationOptions {
  const { clock } = installation;
  return {
    tokens: roles.tokens,
    now: () => clock.now(),
    notReady: noted(installation.logger, () =>
      roles.collector === undefined ? needsDatabase(installation) : needsSpools(installation, roles),
    ),
    figures: () => figuresOf(installation, roles),
  };
}

/** Events wait on disk while the database is away; everything else waits for it. */
async function needsDatabase({ warehouse }: Installation): Promise<NotReady[]> {
  if (await warehouse.ping()) return [];
  const detail = 'The database does not answer.';
  return [{ part: 'database', detail, cause: detail }];
}

const needsSpools = ({ config, dataDir }: Installation, { workers }: RunningRoles): Promise<NotReady[]> =>
  whatIsNotReady({
    spools: [mainSpool(dataDir), ...(workers?.states() ?? []).map(({ slot }) => workerSpool(dataDir, slot))],
    freeBytes: () => freeBytesOf(dataDir),
    minFreeBytes: intakeOf(config, 0).minFreeBytes,
    workers: () => countOf(workers),
  });

const freeBytesOf = (dataDir: string): Promise<number | undefined> => diskFs.freeBytes(dataDir).catch(() => undefined);

const countOf = (workers: Workers | undefined) =>
  workers && { wanted: workers.count, open: workers.states().filter(({ isOpen }) => isOpen).length };

async function figuresOf({ clock, dataDir }: Installation, roles: RunningRoles): Promise<Figures> {
  const { collector, etl, workers } = roles;
  const counted = countOf(workers);
  return {
    nowMs: clock.now(),
    processes: collector === undefined ? [] : processesOf(collector, workers),
    spools: collector === undefined ? [] : await lagsOf(dataDir),
    diskFreeBytes: await freeBytesOf(dataDir),
    ...(counted && { workers: counted }),
    ...(collector && { loader: collector.loader.stats() }),
    ...(etl && { stages: etl.stages.stats() }),
  };
}

function processesOf({ collector }: CollectorRole, workers: Workers | undefined): TakingProcess[] {
  const main = { process: 'main', stats: collector.stats(), residentBytes: process.memoryUsage.rss() };
  const others = (workers?.states() ?? []).map(({ slot, stats, residentBytes }) => {
    return { process: `worker-${slot}`, stats, residentBytes };
  });
  return [main, ...others];
}

const lagsOf = (dataDir: string): Promise<Figures['spools']> =>
  Promise.all(
    allSpools(dataDir).map(async (dir) => ({
      spool: dir === mainSpool(dataDir) ? 'main' : `worker-${basename(dir)}`,
      lag: await spoolLag(dir),
    })),
  );
