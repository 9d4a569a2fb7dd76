import { join } from 'node:path';
import { type Authorise, type Collector, createCollector, type Site } from '../../collector/create-collector.ts';
import { createLoader, type Loader } from '../../collector/loader.ts';
import { whatWaits } from '../../collector/spool/waiting.ts';
import { openSpool } from '../../collector/spool.ts';
import { failed, ok } from '../../domain/result.ts';
import { takeLock } from '../../etl/lock.ts';
import { systemSleep } from '../../etl/sleep.ts';
import { onecExchangeSettings } from '../../etl/sources/onec-commerceml/settings.ts';
import type { TokenStore } from '../../warehouse/token-store.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { claimDatabase } from './claim-database.ts';
import { importExchangeFile } from './import-file.ts';
import type { Installation } from './installation.ts';
import { onceDatabaseAnswers } from './once-database-answers.ts';
import { trackerFile } from './paths.ts';
import { defaultSiteKey } from './secret.ts';

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
  const { config, dataDir, clock, logger, warehouse, hasher } = installation;
  const stopping = new AbortController();
  const dir = join(dataDir, 'spool');
  const spool = await openSpool({ dir, clock, logger });
  const sites = await collectorSites(installation);
  const collector = await createCollector({
    project: config.project,
    sites,
    isOpenOnLoopback: !options.hasConfigFile,
    proxies: config.trust_proxy,
    storeContacts: config.store_contacts,
    dataDir,
    spool,
    hasher,
    clock,
    logger,
    wasCounting: async () => (await whatWaits(dir)).segments.length > 0 || (await hasVisitCodes(warehouse)),
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
  const loader = createLoader({ project: config.project, dir, warehouse, logger, clock, onLoaded: options.onLoaded });
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

async function hasVisitCodes(warehouse: Warehouse): Promise<boolean> {
  return (await warehouse.query('SELECT 1 FROM raw_events WHERE visit_code != 0 LIMIT 1')).length > 0;
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
