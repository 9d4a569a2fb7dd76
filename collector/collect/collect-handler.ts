import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectSchema, maxBodyBytes, maxEvents } from '../../domain/event.ts';
import { failed, ok, type Problem, type Result } from '../../domain/result.ts';
import type { Clock } from '../../domain/time.ts';
import { clientAddress, isHttps, isLoopback, truncateAddress } from '../http/client-address.ts';
import { type FieldError, sendProblem } from '../http/problem.ts';
import { readBody } from '../http/read-body.ts';
import type { AppendProblem } from '../spool.ts';
import { answerPreflight, corsHeaders, type HeaderList } from './cors.ts';
import { pixelGif, readPixel } from './pixel.ts';
import type { Sites } from './sites.ts';
import { type Batch, type BatchAnswer, type TakeBatchDeps, takeBatch } from './take-batch.ts';
import { readVisitorCookie, visitorCookie } from './visitor-cookie.ts';

export interface CollectDeps extends TakeBatchDeps {
  readonly sites: Sites;
  /** Every origin may send over loopback: a first try without a configuration. */
  readonly isOpenOnLoopback: boolean;
  /** X-Forwarded-For and X-Forwarded-Proto are set by our own proxy. */
  readonly trustProxy: boolean;
  readonly clock: Clock;
  /** Seconds that an address must wait, 0 when it may go on. */
  readonly limitRate: (address: string) => number;
  readonly count: (outcome: CollectOutcome) => void;
}

/** How a request can end, for the counters. */
export type CollectOutcome = 'taken' | 'broken_off' | CollectReason;
type CollectReason = 'rate_limited' | 'too_large' | 'malformed' | 'unknown_site' | 'foreign_origin' | AppendProblem;

const statusOf: Record<CollectReason, number> = {
  rate_limited: 429,
  too_large: 413,
  malformed: 400,
  unknown_site: 403,
  foreign_origin: 403,
  overloaded: 503,
  disk_full: 503,
  disk_error: 503,
  closed: 503,
};

interface CollectProblem extends Problem<CollectReason> {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
}

const maxUserAgentChars = 1024;
const retryAfterSeconds = 5;
const exposeRetryAfter: HeaderList = ['Access-Control-Expose-Headers', 'Retry-After'];

/** Answers `POST /collect`: the steps stand in their order, the cheapest first. */
export async function handleCollect(
  deps: CollectDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const cors = corsHeaders(readableOrigin(deps, request));
  const refuse = (problem: CollectProblem): void => {
    deps.count(problem.reason);
    sendProblem(response, { ...problem, status: statusOf[problem.reason] }, [...cors, ...exposeRetryAfter]);
  };
  const waitSeconds = secondsToWait(deps, request);
  if (waitSeconds > 0) return refuse(rateLimited(waitSeconds));
  const body = await readBody(request, maxBodyBytes);
  if (!body.ok) {
    const { reason } = body.problem;
    return reason === 'too_large' ? refuse({ ...body.problem, reason }) : deps.count('broken_off');
  }
  const envelope = parseEnvelope(body.value);
  if (!envelope.ok) return refuse(envelope.problem);
  const refusal = checkSender(deps, request, envelope.value.site);
  if (refusal) return refuse(refusal);
  const cookie = readVisitorCookie(request.headers.cookie);
  const taken = await takeBatch(deps, toBatch(deps, request, envelope.value, cookie, 'collect'));
  if (!taken.ok) return refuse({ ...taken.problem, retryAfterSeconds });
  sendAnswer(response, taken.value, [...cors, ...visitorHeaders(deps, request, cookie, taken.value.visitor)]);
  deps.count('taken');
}

export function handlePreflight(deps: CollectDeps, request: IncomingMessage, response: ServerResponse): undefined {
  answerPreflight(response, readableOrigin(deps, request));
}

const pixelHeaders: HeaderList = [
  'Content-Type',
  'image/gif',
  'Content-Length',
  String(pixelGif.length),
  'Cache-Control',
  'no-store, private',
  'Cross-Origin-Resource-Policy',
  'cross-origin',
  'X-Content-Type-Options',
  'nosniff',
];

/** Answers `GET /collect.gif`: the image in any case, because nobody reads an error of an image. */
export async function handlePixel(
  deps: CollectDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { outcome, headers = [] } = await takePixel(deps, request);
  deps.count(outcome);
  response.writeHead(200, [...pixelHeaders, ...headers]);
  response.end(pixelGif);
}

async function takePixel(
  deps: CollectDeps,
  request: IncomingMessage,
): Promise<{ outcome: CollectOutcome; headers?: HeaderList }> {
  if (secondsToWait(deps, request) > 0) return { outcome: 'rate_limited' };
  const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
  const { site, visitor, event } = readPixel(query, request.headers.referer, deps.clock.now());
  const refusal = checkSender(deps, request, site);
  if (refusal) return { outcome: refusal.reason };
  const cookie = readVisitorCookie(request.headers.cookie);
  const taken = await takeBatch(deps, toBatch(deps, request, { site, visitor, events: [event] }, cookie, 'pixel'));
  if (!taken.ok) return { outcome: taken.problem.reason };
  return { outcome: 'taken', headers: visitorHeaders(deps, request, cookie, taken.value.visitor) };
}

function secondsToWait(deps: CollectDeps, request: IncomingMessage): number {
  const address = clientAddress(request, deps.trustProxy);
  // Behind a proxy that we do not trust everybody has its address.
  return isLoopback(address) ? 0 : deps.limitRate(address);
}

const rateLimited = (waitSeconds: number): CollectProblem => ({
  reason: 'rate_limited',
  place: 'address',
  detail: `Too many requests from this address: send again in ${waitSeconds} s.`,
  retryAfterSeconds: waitSeconds,
});

interface Envelope {
  readonly site: string;
  readonly visitor?: string | undefined;
  readonly events: readonly unknown[];
}

function parseEnvelope(body: Buffer): { ok: true; value: Envelope } | { ok: false; problem: CollectProblem } {
  const json = parseJson(body);
  if (!json.ok) return json;
  const parsed = collectSchema.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = `The body is not a batch of 1 to ${maxEvents} events: ${errors[0]?.path ?? ''}: ${errors[0]?.message ?? ''}`;
  return { ok: false, problem: { reason: 'malformed', place: errors[0]?.path ?? '', detail, errors } };
}

function parseJson(body: Buffer): Result<unknown, 'malformed'> {
  try {
    return ok(JSON.parse(body.toString('utf8').replace(/^\ufeff/, '')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed('malformed', 'body', `The body is not JSON: ${reason}`);
  }
}

function checkSender(deps: CollectDeps, request: IncomingMessage, siteKey: string): CollectProblem | undefined {
  const site = deps.sites.find(siteKey);
  if (!site) {
    const detail =
      'No site has this key: put the key printed at start into data-site, or add the site to the configuration.';
    return { reason: 'unknown_site', place: 'site', detail };
  }
  const { origin } = request.headers;
  if (origin === undefined || isOpen(deps, request) || deps.sites.allows(site, origin)) return undefined;
  const detail = `Pages of ${origin.slice(0, 200)} may not send for this site: add the origin to the site's origins.`;
  return { reason: 'foreign_origin', place: 'Origin', detail };
}

const isOpen = (deps: CollectDeps, request: IncomingMessage): boolean =>
  deps.isOpenOnLoopback && isLoopback(request.socket.remoteAddress ?? '');

/** The origin of the request when its page may read the answer. */
function readableOrigin(deps: CollectDeps, request: IncomingMessage): string | undefined {
  const { origin } = request.headers;
  return origin !== undefined && (isOpen(deps, request) || deps.sites.allowsSomewhere(origin)) ? origin : undefined;
}

function toBatch(
  deps: CollectDeps,
  request: IncomingMessage,
  envelope: Envelope,
  cookie: string | undefined,
  channelIn: Batch['channelIn'],
): Batch {
  return {
    site: envelope.site,
    visitor: envelope.visitor ?? cookie,
    events: envelope.events,
    channelIn,
    receivedAtMs: deps.clock.now(),
    address: truncateAddress(clientAddress(request, deps.trustProxy)),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, maxUserAgentChars),
  };
}

function visitorHeaders(
  deps: CollectDeps,
  request: IncomingMessage,
  cookie: string | undefined,
  visitor: string,
): HeaderList {
  return cookie === visitor ? [] : ['Set-Cookie', visitorCookie(visitor, isHttps(request, deps.trustProxy))];
}

function sendAnswer(response: ServerResponse, answer: BatchAnswer, headers: HeaderList): void {
  const body = JSON.stringify(answer);
  const own = [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
  ];
  response.writeHead(200, [...own, ...headers]);
  response.end(body);
}
