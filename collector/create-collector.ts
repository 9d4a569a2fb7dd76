import { join } from 'node:path';
import express from 'express';
import type { ContactHasher } from '../domain/contact.ts';
import type { Clock } from '../domain/time.ts';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import { type CallTracking, type CallTrackingSettings, openCallTracking } from './calls/call-tracking.ts';
import { leaseFile, leasesName } from './calls/lease-file.ts';
import type { CallNumbers } from './calls/number-ask.ts';
import { type CodeBlocks, type CodeBlocksOptions, openCodeBlocks } from './collect/code-blocks.ts';
import { type CollectPaths, defaultPaths } from './collect/collect-paths.ts';
import type { DailyVisitor } from './collect/daily-visitor.ts';
import type { CollectLimits } from './collect/rate-limit.ts';
import { createSites, type Site } from './collect/sites.ts';
import { createVisitCodes } from './collect/visit-codes.ts';
import type { ExchangeSource } from './exchange/credentials.ts';
import { createExchange, type Exchange } from './exchange/exchange-router.ts';
import type { ImportFile } from './exchange/import-file.ts';
import { createHotPath, type HotPath } from './hot-path.ts';
import { allowMethods } from './http/allow-methods.ts';
import type { Authorise } from './ingest/authorise.ts';
import { createIdempotencyStore } from './ingest/idempotency-store.ts';
import { ingestRouter } from './ingest/ingest-router.ts';
import type { Spool } from './spool.ts';
import { secondOf, trackerScript } from './tracker-script.ts';

export { type CallTrackingSettings, LeaseFileError, replacedBy } from './calls/call-tracking.ts';
export { VisitCodesError } from './collect/code-blocks.ts';
export { type CollectPaths, withUsualPaths } from './collect/collect-paths.ts';
export { type CollectLimits, sharedLimits } from './collect/rate-limit.ts';
export type { Site } from './collect/sites.ts';
export type { ExchangeSource } from './exchange/credentials.ts';
export type { ExchangeFile, ImportFile } from './exchange/import-file.ts';
export { ImportInterruptedError } from './exchange/import-file.ts';
export type { Authorise } from './ingest/authorise.ts';

export interface CollectorOptions {
  readonly project: string;
  readonly sites: readonly Site[];
  /** Every origin may send over loopback: a first try without a configuration. Default: false. */
  readonly isOpenOnLoopback?: boolean;
  /** How many proxies of our own, one behind the other, set X-Forwarded-For and X-Forwarded-Proto. Default: 0. */
  readonly proxies?: number;
  readonly limits?: CollectLimits;
  readonly paths?: CollectPaths;
  readonly maxReadingBytes?: number;
  readonly dataDir: string;
  readonly spool: Spool;
  readonly hasher: ContactHasher;
  readonly dailyVisitor: DailyVisitor;
  /** Payloads of the ingest API keep plain phones, e-mails and names. Default: false. */
  readonly storeContacts?: boolean;
  /** Pools of numbers. Default: none, numbers of pages stay as they are. */
  readonly callTracking?: CallTrackingSettings;
  readonly clock: Clock;
  readonly logger: WarehouseLogger;
  /** Whether visit codes may have been given before; asked only when their counter is missing. */
  readonly wasCounting: CodeBlocksOptions['wasCounting'];
  /** The built tracker. */
  readonly trackerFile: string;
  readonly authorise: Authorise;
  readonly exchange: {
    readonly sources: readonly ExchangeSource[];
    readonly importFile: ImportFile;
    readonly maxSessionBytes?: number;
    readonly patienceMs?: number;
    readonly sweepMs?: number;
  };
}

export interface Collector {
  /** Takes a request of the hot path past Express; false when it is not one. */
  readonly handleHot: HotPath['handle'];
  /** Takes those that were read past node's server. */
  readonly plain: HotPath['plain'];
  readonly router: express.Router;
  /** Visit codes that no other process gives. */
  readonly codeBlocks: CodeBlocks;
  /** Call tracking; undefined when there are no pools. */
  readonly callNumbers: CallNumbers | undefined;
  /** Finishes what is in hand and closes the spool. */
  stop(): Promise<void>;
  readonly stats: HotPath['stats'];
}

/** Puts the collector together. Throws when the data folder cannot be read or written. */
export async function createCollector(options: CollectorOptions): Promise<Collector> {
  const { spool, dataDir, clock, hasher, project, authorise, storeContacts = false, wasCounting, logger } = options;
  const codeBlocks = await openCodeBlocks({ file: join(dataDir, 'visit-codes'), wasCounting, logger });
  const callTracking = await openPools(options);
  const hot = createHotPath({ ...options, visitCodes: createVisitCodes(codeBlocks), callNumbers: callTracking });
  const router = express.Router();
  const scripts = [...(options.paths ?? defaultPaths).script];
  router.all([...scripts, ...scripts.map(secondOf)], allowMethods('GET', 'HEAD'));
  router.get(scripts, trackerScript(options.trackerFile));
  router.get(scripts.map(secondOf), trackerScript(secondOf(options.trackerFile)));
  const idempotency = createIdempotencyStore(join(dataDir, 'idempotency'), clock);
  const sites = createSites(options.sites);
  router.use(ingestRouter({ project, spool, hasher, clock, sites, storeContacts, authorise, idempotency }));
  const exchange = openExchange(options);
  router.use(exchange.router);
  return {
    handleHot: hot.handle,
    plain: hot.plain,
    router,
    codeBlocks,
    callNumbers: callTracking,
    stop: async () => {
      await exchange.stop();
      await callTracking?.stop();
      await spool.closeAll();
    },
    stats: hot.stats,
  };
}

async function openPools(options: CollectorOptions): Promise<CallTracking | undefined> {
  const { callTracking: settings, dataDir } = options;
  if (settings === undefined || settings.pools.length === 0) return undefined;
  return openCallTracking({ ...options, settings, store: leaseFile(join(dataDir, leasesName)) });
}

function openExchange({ exchange: settings, dataDir, clock, logger, proxies = 0 }: CollectorOptions): Exchange {
  const exchange = createExchange({ ...settings, dir: join(dataDir, 'exchange'), clock, logger, proxies });
  exchange.resume().catch((error: unknown) => {
    logger.error({ error: String(error) }, 'the files that 1C sent before the restart cannot be read');
  });
  return exchange;
}
