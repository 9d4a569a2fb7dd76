import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ContactHasher } from '../domain/contact.ts';
import type { Clock } from '../domain/time.ts';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import type { CallNumbers } from './calls/number-ask.ts';
import { PageNumbers } from './calls/page-numbers.ts';
import type { CollectDeps, CollectOutcome } from './collect/collect-deps.ts';
import { handleCollect, handlePreflight, handleWhole } from './collect/collect-handler.ts';
import { type CollectPaths, defaultPaths } from './collect/collect-paths.ts';
import { CurrentVisits } from './collect/current-visits.ts';
import type { DailyVisitor } from './collect/daily-visitor.ts';
import { handlePixel, handlePixelHead } from './collect/pixel-handler.ts';
import { type CollectLimits, codeLimits, createRateLimit, defaultLimits } from './collect/rate-limit.ts';
import { createSites, type Site } from './collect/sites.ts';
import type { VisitCodes } from './collect/visit-codes.ts';
import { knownAddresses } from './http/known-addresses.ts';
import { sendProblem } from './http/problem.ts';
import type { Answer } from './http/request-head.ts';
import type { PlainTaker } from './plain-http/plain-connection.ts';
import type { Spool, SpoolStats } from './spool.ts';

export interface HotPathOptions {
  readonly project: string;
  readonly sites: readonly Site[];
  /** Every origin may send over loopback: a first try without a configuration. Default: false. */
  readonly isOpenOnLoopback?: boolean;
  /** How many proxies of our own, one behind the other, set X-Forwarded-For and X-Forwarded-Proto. Default: 0. */
  readonly proxies?: number;
  readonly limits?: CollectLimits;
  readonly paths?: CollectPaths;
  /** Bytes of bodies in memory that have not ended yet; above it requests are refused as `overloaded`. Default: 64 MB. */
  readonly maxReadingBytes?: number;
  readonly spool: Spool;
  readonly hasher: ContactHasher;
  readonly dailyVisitor: DailyVisitor;
  readonly visitCodes: VisitCodes;
  /** Default: those that this process alone knows. */
  readonly currentVisits?: CurrentVisits;
  /** Call tracking; without it no number of a page is replaced. */
  readonly callNumbers?: CallNumbers | undefined;
  readonly clock: Clock;
  readonly logger: WarehouseLogger;
}

export interface HotPathStats {
  /** Requests of `/collect` and `/collect.gif` by how they ended. */
  readonly requests: Readonly<Partial<Record<CollectOutcome, number>>>;
  /** What its spool did. */
  readonly spool: SpoolStats;
}

/** `/collect` and its pixel, past Express. */
export interface HotPath {
  /** Takes a request; false when it is for somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes each `POST` that was read past node's server. */
  readonly plain: PlainTaker;
  stats(): HotPathStats;
}

export function createHotPath(options: HotPathOptions): HotPath {
  const { spool, logger } = options;
  const requests: Partial<Record<CollectOutcome, number>> = {};
  const deps = collectDeps(options, (outcome) => {
    requests[outcome] = (requests[outcome] ?? 0) + 1;
  });
  const paths = options.paths ?? defaultPaths;
  const methodsAt = methodsByPath(paths);
  return {
    handle: (request, response) => {
      const methods = methodsAt.get(pathOf(request.url ?? ''));
      if (methods === undefined) return false;
      handleHot(deps, logger, methods, request, response);
      return true;
    },
    plain: {
      take: (path, request, body, response) => {
        const isOurs = paths.collect.includes(path);
        if (isOurs) handleWhole(deps, request, body, response, failing(logger, response));
        return isOurs;
      },
      brokeOff: (path) => {
        if (paths.collect.includes(path)) deps.count('broken_off');
      },
    },
    stats: () => ({ requests: { ...requests }, spool: spool.stats() }),
  };
}

const usualMaxReadingBytes = 64 * 1024 * 1024;

function collectDeps(options: HotPathOptions, count: CollectDeps['count']): CollectDeps {
  const { project, spool, hasher, dailyVisitor, visitCodes, callNumbers, clock, limits = defaultLimits } = options;
  return {
    project,
    spool,
    hasher,
    dailyVisitor,
    pageNumbers: callNumbers === undefined ? undefined : new PageNumbers(callNumbers),
    visitCodes,
    clock,
    count,
    sites: createSites(options.sites),
    isOpenOnLoopback: options.isOpenOnLoopback ?? false,
    reading: { bytes: 0, maxBytes: options.maxReadingBytes ?? usualMaxReadingBytes },
    proxies: options.proxies ?? 0,
    addresses: knownAddresses(),
    addressLimit: createRateLimit(limits.address, clock),
    siteLimit: createRateLimit(limits.site, clock),
    codeLimit: createRateLimit(codeLimits(limits.address), clock),
    currentVisits: options.currentVisits ?? new CurrentVisits(),
  };
}

type Fail = (error: unknown) => void;
type Handle = (deps: CollectDeps, request: IncomingMessage, response: ServerResponse, fail: Fail) => void;

type Methods = Readonly<Record<string, Handle>>;

const collectMethods: Methods = { POST: handleCollect, OPTIONS: handlePreflight };
const pixelMethods: Methods = {
  GET: (deps, request, response, fail) => void handlePixel(deps, request, response).catch(fail),
  HEAD: handlePixelHead,
  OPTIONS: (_deps, _request, response) => void response.writeHead(204, { Allow: 'GET, HEAD, OPTIONS' }).end(),
};

function handleHot(
  deps: CollectDeps,
  logger: WarehouseLogger,
  methods: Methods,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const handle = methods[request.method ?? ''] ?? refuseMethod(Object.keys(methods));
  handle(deps, request, response, failing(logger, response));
}

/** Ends a request in which a step threw. */
const failing =
  (logger: WarehouseLogger, response: Answer): Fail =>
  (error) => {
    logger.error({ error: error instanceof Error ? error.stack : String(error) }, 'a request to the collector failed');
    if (response.headersSent) response.destroy();
    else sendProblem(response, { status: 500, detail: 'The collector failed on this request; its log says why.' });
  };

function methodsByPath({ collect, pixel }: CollectPaths): ReadonlyMap<string, Methods> {
  return new Map([
    ...collect.map((path) => [path, collectMethods] as const),
    ...pixel.map((path) => [path, pixelMethods] as const),
  ]);
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

const refuseMethod = (allowed: readonly string[]): Handle => {
  return (_deps, request, response) => {
    request.resume();
    sendProblem(response, { status: 405, detail: `Send ${allowed.join(' or ')} here.` }, ['Allow', allowed.join(', ')]);
  };
};
