import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import express from 'express';
import type { ContactHasher } from '../domain/contact.ts';
import type { Clock } from '../domain/time.ts';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import {
  type CollectDeps,
  type CollectOutcome,
  handleCollect,
  handlePixel,
  handlePixelHead,
  handlePreflight,
} from './collect/collect-handler.ts';
import { CurrentVisits } from './collect/current-visits.ts';
import { createRateLimit, defaultRateLimit, type RateLimitOptions } from './collect/rate-limit.ts';
import { createSites, type Site } from './collect/sites.ts';
import { openVisitCodes, type VisitCodesOptions } from './collect/visit-codes.ts';
import type { ExchangeSource } from './exchange/credentials.ts';
import { createExchange, type Exchange } from './exchange/exchange-router.ts';
import type { ImportFile } from './exchange/import-file.ts';
import { allowMethods } from './http/allow-methods.ts';
import { knownAddresses } from './http/known-addresses.ts';
import { sendProblem } from './http/problem.ts';
import type { Authorise } from './ingest/authorise.ts';
import { createIdempotencyStore } from './ingest/idempotency-store.ts';
import { ingestRouter } from './ingest/ingest-router.ts';
import type { Spool } from './spool.ts';
import { trackerScript } from './tracker-script.ts';

export type { RateLimitOptions } from './collect/rate-limit.ts';
export type { Site } from './collect/sites.ts';
export { VisitCodesError } from './collect/visit-codes.ts';
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
  readonly rateLimit?: RateLimitOptions;
  readonly dataDir: string;
  readonly spool: Spool;
  readonly hasher: ContactHasher;
  /** Payloads of the ingest API keep plain phones, e-mails and names. Default: false. */
  readonly storeContacts?: boolean;
  readonly clock: Clock;
  readonly logger: WarehouseLogger;
  /** Whether visit codes may have been given before; asked only when their counter is missing. */
  readonly wasCounting: VisitCodesOptions['wasCounting'];
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

export interface CollectorStats {
  /** Requests of `/collect` and `/collect.gif` by how they ended. */
  readonly requests: Readonly<Partial<Record<CollectOutcome, number>>>;
  /** Bytes taken from requests that are not on disk yet. */
  readonly pendingBytes: number;
}

export interface Collector {
  /** Takes a request of the hot path past Express; false when it is not one. */
  handleHot(request: IncomingMessage, response: ServerResponse): boolean;
  readonly router: express.Router;
  /** Finishes what is in hand and closes the spool. */
  stop(): Promise<void>;
  stats(): CollectorStats;
}

/** Puts the collector together. Throws when the data folder cannot be read or written. */
export async function createCollector(options: CollectorOptions): Promise<Collector> {
  const { spool } = options;
  const requests: Partial<Record<CollectOutcome, number>> = {};
  const deps = await collectDeps(options, (outcome) => {
    requests[outcome] = (requests[outcome] ?? 0) + 1;
  });
  const router = express.Router();
  router.all('/t.js', allowMethods('GET', 'HEAD'));
  router.get('/t.js', trackerScript(options.trackerFile));
  const idempotency = createIdempotencyStore(join(options.dataDir, 'idempotency'), options.clock);
  router.use(
    ingestRouter({ ...deps, storeContacts: options.storeContacts ?? false, authorise: options.authorise, idempotency }),
  );
  const exchange = openExchange(options);
  router.use(exchange.router);
  return {
    handleHot: hotPath(deps, options.logger),
    router,
    stop: async () => {
      await exchange.stop();
      await spool.closeAll();
    },
    stats: () => ({ requests: { ...requests }, pendingBytes: spool.pendingBytes() }),
  };
}

function openExchange({ exchange: settings, dataDir, clock, logger, proxies = 0 }: CollectorOptions): Exchange {
  const exchange = createExchange({ ...settings, dir: join(dataDir, 'exchange'), clock, logger, proxies });
  exchange.resume().catch((error: unknown) => {
    logger.error({ error: String(error) }, 'the files that 1C sent before the restart cannot be read');
  });
  return exchange;
}

async function collectDeps(options: CollectorOptions, count: CollectDeps['count']): Promise<CollectDeps> {
  const { project, spool, hasher, clock, dataDir, wasCounting, logger } = options;
  return {
    project,
    spool,
    hasher,
    clock,
    count,
    sites: createSites(options.sites),
    isOpenOnLoopback: options.isOpenOnLoopback ?? false,
    proxies: options.proxies ?? 0,
    addresses: knownAddresses(),
    limitRate: createRateLimit(options.rateLimit ?? defaultRateLimit, clock),
    visitCodes: await openVisitCodes({ file: join(dataDir, 'visit-codes'), wasCounting, logger }),
    currentVisits: new CurrentVisits(),
  };
}

type Fail = (error: unknown) => void;
type Handle = (deps: CollectDeps, request: IncomingMessage, response: ServerResponse, fail: Fail) => void;

const collectMethods: Readonly<Record<string, Handle>> = { POST: handleCollect, OPTIONS: handlePreflight };
const pixelMethods: Readonly<Record<string, Handle>> = {
  GET: (deps, request, response, fail) => void handlePixel(deps, request, response).catch(fail),
  HEAD: handlePixelHead,
  OPTIONS: (_deps, _request, response) => void response.writeHead(204, { Allow: 'GET, HEAD, OPTIONS' }).end(),
};

function hotPath(deps: CollectDeps, logger: WarehouseLogger): Collector['handleHot'] {
  return (request, response) => {
    const methods = methodsOf(request.url ?? '');
    if (methods === undefined) return false;
    const handle = methods[request.method ?? ''] ?? refuseMethod(Object.keys(methods));
    handle(deps, request, response, (error) => {
      logger.error(
        { error: error instanceof Error ? error.stack : String(error) },
        'a request to the collector failed',
      );
      if (response.headersSent) response.destroy();
      else sendProblem(response, { status: 500, detail: 'The collector failed on this request; its log says why.' });
    });
    return true;
  };
}

function methodsOf(url: string): Readonly<Record<string, Handle>> | undefined {
  const path = url.includes('?') ? url.slice(0, url.indexOf('?')) : url;
  if (path === '/collect') return collectMethods;
  return path === '/collect.gif' ? pixelMethods : undefined;
}

const refuseMethod = (allowed: readonly string[]): Handle => {
  return (_deps, request, response) => {
    request.resume();
    sendProblem(response, { status: 405, detail: `Send ${allowed.join(' or ')} here.` }, ['Allow', allowed.join(', ')]);
  };
};
