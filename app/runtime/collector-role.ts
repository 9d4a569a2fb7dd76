import { join } from 'node:path';
import { dailyVisitor } from '../../collector/collect/daily-visitor.ts';
import { type Authorise, type Collector, createCollector, type Site } from '../../collector/create-collector.ts';
import { createLoader, type Loader } from '../../collector/loader.ts';
import { whatWaits } from '../../collector/spool/waiting.ts';
import { openSpool } from '../../collector/spool.ts';
import { failed, ok } from '../../domain/result.ts';
import { takeLock } from '../../etl/lock.ts';
import { systemSleep } from '../../etl/sleep.ts';
import { onecExchangeSettings } from '../../etl/sources/onec-commerceml/settings.ts';
import type { TokenStore } from '../../warehouse/token-store.ts';
import type { Config } from '../config/schema.ts';
import { callTrackingSettings } from './call-tracking-settings.ts';
import { claimDatabase } from './claim-database.ts';
import type { Workers } from './front.ts';
import { importExchangeFile } from './import-file.ts';
import type { Installation } from './installation.ts';
import { intakeOf } from './intake.ts';
import { onceDatabaseAnswers } from './once-database-answers.ts';
import { trackerFile } from './paths.ts';
import { defaultSiteKey } from './secret.ts';
import {
  allSpools,
  leftSpools,
  loadersTogether,
  mainSpool,
  openWorkerSpool,
  workerSpool,
  workerSpools,
} from './spools.ts';
import type { WorkerSettings } from './worker-messages.ts';

export interface CollectorRole {
  readonly collector: Collector;
  readonly loader: Loader;
  readonly sites: readonly Site[];
  /** Everything acknowledged is on disk, and in the database if it answers. */
  stop(): Promise<void>;
}

export interface CollectorRoleOptions {
  readonly tokens: TokenStore;
  /** The shop's own installation is configured; without a file every loopback page may send. */
  readonly hasConfigFile: boolean;
  readonly onLoaded: () => void;
  /** Take the events; without them this process does. */
  readonly workers: Workers | undefined;
  readonly logLevel?: string;
}

/** Another process collects into this data folder. */
export class InUseError extends Error {
  override readonly name = 'InUseError';
}

/**
 * Takes events, records and 1C files, and loads them into the database. Throws InUseError when another process does so with this data
 * folder, DataFolderError when the database is that of another folder.
 */
export async function startCollectorRole(
  installation: Installation,
  options: CollectorRoleOptions,
): Promise<CollectorRole> {
  await claimDatabase(installation);
  const release = await lockSpool(installation.dataDir);
  try {
    const role = await startCollecting(installation, options);
    return { ...role, stop: () => role.stop().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A second collector would take the running segments of the first for those of a dead one. */
const lockSpool = (dataDir: string): Promise<() => Promise<void>> =>
  takeLock({
    path: join(dataDir, 'collector.lock'),
    sleep: systemSleep,
    onWait: ({ pid, host }) => {
      throw new InUseError(
        `Another throughline (process ${pid} on ${host}) collects into ${dataDir} already: stop it first, or choose another data folder with --data.`,
      );
    },
  });

async function startCollecting(installation: Installation, options: CollectorRoleOptions): Promise<CollectorRole> {
  const { config, dataDir, clock, logger, warehouse, hasher, secret } = installation;
  const stopping = new AbortController();
  const { minFreeBytes, ...intake } = intakeOf(config, options.workers?.count ?? 0);
  const spool = await openSpool({ dir: mainSpool(dataDir), clock, logger, minFreeBytes });
  await closeLeftSpools(installation, options.workers?.count ?? 0);
  const sites = await collectorSites(installation);
  const collector = await createCollector({
    project: config.project,
    sites,
    isOpenOnLoopback: !options.hasConfigFile,
    proxies: proxiesBefore(config, options.workers),
    ...intake,
    callTracking: callTrackingSettings(config),
    storeContacts: config.store_contacts,
    dataDir,
    spool,
    hasher,
    dailyVisitor: dailyVisitor(secret, config.timezone),
    clock,
    logger,
    wasCounting: () => wereCodesGiven(installation),
    trackerFile,
    authorise: (request, scope) => authoriseBearer(options.tokens, request.headers.authorization, scope),
    exchange: {
      sources: exchangeSources(installation),
      importFile: async (file) => {
        const imported = await onceDatabaseAnswers(logger, stopping.signal, () =>
          importExchangeFile(installation, { ...file, trigger: 'arrival' }),
        );
        options.onLoaded();
        return imported;
      },
    },
  });
  const dirs = [mainSpool(dataDir), ...workerSpools(dataDir, options.workers?.count)];
  const shared = { project: config.project, warehouse, logger, clock, onLoaded: options.onLoaded };
  const loader = loadersTogether(dirs.map((dir) => createLoader({ ...shared, dir })));
  try {
    await options.workers?.open(collector, (slot) => workerSettings(installation, options, sites, slot));
  } catch (error) {
    stopping.abort();
    await collector.stop();
    throw error;
  }
  loader.start();
  return {
    collector,
    loader,
    sites,
    stop: () => {
      stopping.abort();
      return stopInOrder(collector, loader);
    },
  };
}

async function wereCodesGiven({ dataDir, warehouse }: Installation): Promise<boolean> {
  for (const dir of allSpools(dataDir)) if ((await whatWaits(dir)).segments.length > 0) return true;
  return (await warehouse.query('SELECT 1 FROM raw_events WHERE visit_code != 0 LIMIT 1')).length > 0;
}

/** Workers stand before the main process as a proxy of our own does. */
export const proxiesBefore = (config: Config, workers: Workers | undefined): number =>
  config.trust_proxy + (workers === undefined ? 0 : 1);

/** Of workers that there are no more: whole segments are loaded, nothing is written any more. */
async function closeLeftSpools({ dataDir, clock, logger }: Installation, workers: number): Promise<void> {
  for (const dir of leftSpools(dataDir, workers)) await (await openWorkerSpool({ dir, clock, logger })).closeAll();
}

function workerSettings(
  { config, dataDir, secret }: Installation,
  { hasConfigFile, logLevel = 'warn', workers }: CollectorRoleOptions,
  sites: readonly Site[],
  slot: number,
): WorkerSettings {
  return {
    ...intakeOf(config, workers?.count ?? 0),
    project: config.project,
    sites,
    isOpenOnLoopback: !hasConfigFile,
    proxies: config.trust_proxy,
    spoolDir: workerSpool(dataDir, slot),
    secret,
    timezone: config.timezone,
    landing: config.call_tracking.pools.length === 0 ? undefined : callTrackingSettings(config),
    logLevel,
  };
}

async function stopInOrder(collector: Collector, loader: Loader): Promise<void> {
  await collector.stop();
  await loader.drain();
  await loader.stop();
}

const collectorSites = async ({ config, dataDir }: Installation): Promise<readonly Site[]> =>
  config.sites.length > 0 ? config.sites : [{ key: await defaultSiteKey(dataDir), domains: [], origins: [] }];

const exchangeSources = ({ sources }: Installation) =>
  sources
    .filter(({ definition }) => definition.type === '1c-exchange')
    .map(({ id, settings }) => ({ id, ...onecExchangeSettings.parse(settings) }));

type Authorised = Awaited<ReturnType<Authorise>>;

async function authoriseBearer(tokens: TokenStore, header: string | undefined, scope: 'ingest'): Promise<Authorised> {
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined)
    return failed('unauthorised', 'Authorization', 'Send "Authorization: Bearer tl_…" with a token of scope ingest.');
  const verified = await tokens.verifyToken(token, scope);
  if (verified.ok) return ok({ tokenId: verified.value.id });
  return failed(
    verified.problem.reason === 'scope' ? 'forbidden' : 'unauthorised',
    'Authorization',
    verified.problem.detail,
  );
}
