import type { IncomingMessage, ServerResponse } from 'node:http';
import { maxBodyBytes } from '../../domain/event.ts';
import type { FieldError, ProblemStatus } from '../../domain/problem.ts';
import type { Problem, Result } from '../../domain/result.ts';
import type { Clock } from '../../domain/time.ts';
import type { ReplacedNumbers } from '../calls/number-ask.ts';
import type { PageNumbers } from '../calls/page-numbers.ts';
import { clientAddress, isHttps } from '../http/client-address.ts';
import type { KnownAddress } from '../http/known-addresses.ts';
import { sendProblem } from '../http/problem.ts';
import { type ReadBody, type Reading, readBody } from '../http/read-body.ts';
import type { Answer, RequestHead } from '../http/request-head.ts';
import type { AppendProblem } from '../spool.ts';
import { clientHintsOf } from './client-hints.ts';
import { answerPreflight, corsHeaders, type HeaderList } from './cors.ts';
import type { DailyVisitor } from './daily-visitor.ts';
import { pixelGif, readPixel } from './pixel.ts';
import { type Envelope, type ReadEnvelope, readEnvelope } from './read-envelope.ts';
import { takeAnonymous } from './take-anonymous.ts';
import { type Batch, type BatchAnswer, type TakeBatchDeps, takeBatch } from './take-batch.ts';
import { readVisitorCookie, visitorCookie } from './visitor-cookie.ts';
import {
  addressOf,
  checkAddress,
  checkSender,
  readableOrigin,
  type SenderDeps,
  type SenderReason,
} from './who-may-send.ts';

export interface CollectDeps extends TakeBatchDeps, SenderDeps {
  readonly reading: Reading;
  readonly clock: Clock;
  readonly dailyVisitor: DailyVisitor;
  /** Undefined when no number of any page is replaced. */
  readonly pageNumbers: PageNumbers | undefined;
  readonly count: (outcome: CollectOutcome) => void;
}

/** How a request can end, for the counters. */
export type CollectOutcome = 'taken' | 'broken_off' | CollectReason;
type CollectReason = SenderReason | 'compressed' | 'too_large' | 'malformed' | AppendProblem;

const statusOf: Record<CollectReason, ProblemStatus> = {
  rate_limited: 429,
  site_rate_limited: 429,
  compressed: 415,
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

/** A request under way. */
interface Call {
  readonly deps: CollectDeps;
  readonly request: RequestHead;
  readonly response: Answer;
  readonly address: KnownAddress;
  readonly cors: HeaderList;
  /** Ends the request when a step threw. */
  readonly fail: (error: unknown) => void;
}

/**
 * Answers `POST /collect`: the steps stand in their order, the cheapest first. Callbacks instead of promises, which cost a busy collector
 * a tenth of its time.
 */
export function handleCollect(
  deps: CollectDeps,
  request: IncomingMessage,
  response: ServerResponse,
  fail: Call['fail'],
): void {
  const call = openCall(deps, request, response, fail);
  if (call === undefined) return;
  readBody(request, maxBodyBytes, deps.reading, (body) => orFail(call, () => takeBody(call, body)));
}

/** The same for a request whose body is there already. */
export function handleWhole(
  deps: CollectDeps,
  request: RequestHead,
  body: Buffer,
  response: Answer,
  fail: Call['fail'],
): void {
  const call = openCall(deps, request, response, fail);
  if (call !== undefined) orFail(call, () => takeEnvelope(call, readEnvelope(body)));
}

/** What can be said before the body is read; undefined: the request is refused. */
function openCall(deps: CollectDeps, request: RequestHead, response: Answer, fail: Call['fail']): Call | undefined {
  const address = addressOf(deps, request);
  const call = { deps, request, response, address, fail, cors: corsHeaders(readableOrigin(deps, request)) };
  const tooMany = checkAddress(deps, address);
  if (tooMany) refuse(call, tooMany);
  else if (request.headers['content-encoding'] !== undefined) refuse(call, compressed);
  else return call;
  return undefined;
}

/** What runs later than its caller has nobody else to catch its errors. */
function orFail({ fail }: Call, step: () => void): void {
  try {
    step();
  } catch (error) {
    fail(error);
  }
}

function takeBody(call: Call, body: ReadBody): void {
  if (body.ok) takeEnvelope(call, readEnvelope(body.value));
  else if (body.problem.reason === 'broken_off') call.deps.count('broken_off');
  else if (body.problem.reason === 'overloaded')
    refuse(call, { ...body.problem, reason: 'overloaded', retryAfterSeconds });
  else refuse(call, { ...body.problem, reason: body.problem.reason });
}

function takeEnvelope(call: Call, envelope: ReadEnvelope): void {
  const { deps, request } = call;
  if (!envelope.ok) {
    refuse(call, envelope.problem);
    return;
  }
  const refusal = checkSender(deps, request, call.address, envelope.value.site);
  if (refusal) {
    refuse(call, refusal);
    return;
  }
  const cookie = cookieOf(request, envelope.value);
  const batch = toBatch(call, envelope.value, cookie, 'collect');
  const take = takerOf(envelope.value);
  take(deps, batch, (taken) =>
    orFail(call, () => answerWithNumbers(call, envelope.value, batch, cookie, taken)),
  )?.catch(call.fail);
}

type TakenBatch = Result<BatchAnswer, AppendProblem>;

function answerWithNumbers(
  call: Call,
  { numbers }: Envelope,
  batch: Batch,
  cookie: string | undefined,
  taken: TakenBatch,
): void {
  const asked = taken.ok ? call.deps.pageNumbers?.of(numbers, batch, taken.value) : undefined;
  if (asked === undefined) answer(call, cookie, taken);
  else asked.then((replaced) => answer(call, cookie, taken, replaced)).catch(call.fail);
}

function answer(call: Call, cookie: string | undefined, taken: TakenBatch, numbers?: ReplacedNumbers): void {
  if (!taken.ok) {
    refuse(call, { ...taken.problem, retryAfterSeconds });
    return;
  }
  const cookieHeaders = visitorHeaders(call.deps, call.request, cookie, taken.value.visitor);
  const headers = cookieHeaders.length === 0 ? call.cors : [...call.cors, ...cookieHeaders];
  sendAnswer(call.response, taken.value, numbers, headers);
  call.deps.count('taken');
}

function refuse({ deps, response, cors }: Call, problem: CollectProblem): void {
  deps.count(problem.reason);
  sendProblem(response, { ...problem, status: statusOf[problem.reason] }, [...cors, ...exposeRetryAfter]);
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

/** Tells a link checker that the image is there; only who asks for the image itself has seen it. */
export function handlePixelHead(_deps: CollectDeps, _request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, [...pixelHeaders]).end();
}

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
  const address = addressOf(deps, request);
  const tooMany = checkAddress(deps, address);
  if (tooMany) return { outcome: tooMany.reason };
  const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
  const { event, ...hit } = readPixel(query, request.headers.referer, deps.clock.now());
  const refusal = checkSender(deps, request, address, hit.site);
  if (refusal) return { outcome: refusal.reason };
  const cookie = cookieOf(request, hit);
  const batch = toBatch({ deps, request, address }, { ...hit, events: [event] }, cookie, 'pixel');
  const take = takerOf(hit);
  const taken = await new Promise<Result<BatchAnswer, AppendProblem>>((resolve, reject) => {
    take(deps, batch, resolve)?.catch(reject);
  });
  if (!taken.ok) return { outcome: taken.problem.reason };
  return { outcome: 'taken', headers: visitorHeaders(deps, request, cookie, taken.value.visitor) };
}

/** Nothing of 64 KiB needs it, and what is not unpacked is no bomb. */
const compressed: CollectProblem = {
  reason: 'compressed',
  place: 'Content-Encoding',
  detail: 'The body is compressed: send it plain.',
};

type Consent = Pick<Envelope, 'consent' | 'cookieless'>;

const takerOf = ({ consent }: Consent) => (consent === 'denied' ? takeAnonymous : takeBatch);

/** The visitor of the cookie, where it may be read. */
const cookieOf = (request: RequestHead, { consent, cookieless }: Consent): string | undefined =>
  consent === 'denied' || cookieless ? undefined : readVisitorCookie(request.headers.cookie);

/**
 * The cookie wins over the body: browsers forget what scripts stored after a week without a visit but keep the server's cookie, so a body
 * that names another visitor has lost the right one. The answer tells it to the page.
 */
function toBatch(
  { deps, request, address }: Pick<Call, 'deps' | 'request' | 'address'>,
  envelope: Envelope,
  cookie: string | undefined,
  channelIn: Batch['channelIn'],
): Batch {
  const { site, events, cookieless: isCookieless = false } = envelope;
  const receivedAtMs = deps.clock.now();
  const userAgent = (request.headers['user-agent'] ?? '').slice(0, maxUserAgentChars);
  const clientHints = clientHintsOf(request.headers);
  const batch = { site, events, channelIn, receivedAtMs, userAgent, clientHints, isCookieless };
  if (!isCookieless) return { ...batch, visitor: cookie ?? envelope.visitor, address: address.truncated };
  const browser = { site, userAgent, address: clientAddress(request, deps.proxies) };
  // Beside the name that is made of it, even a cut address could be completed by trying.
  return { ...batch, visitor: deps.dailyVisitor(browser, receivedAtMs), address: '' };
}

function visitorHeaders(
  deps: CollectDeps,
  request: RequestHead,
  cookie: string | undefined,
  visitor: string | null,
): HeaderList {
  return visitor === null || cookie === visitor
    ? []
    : ['Set-Cookie', visitorCookie(visitor, isHttps(request, deps.proxies))];
}

function sendAnswer(
  response: Answer,
  { visitor, visit, visit_code, rejected }: BatchAnswer,
  numbers: ReplacedNumbers | undefined,
  headers: HeaderList,
): void {
  const body =
    rejected === undefined && visit !== null && visitor !== null && numbers === undefined
      ? `{"visitor":"${visitor}","visit":"${visit}","visit_code":"${visit_code}"}`
      : JSON.stringify({ visitor, visit, visit_code, rejected, numbers });
  const length = String(Buffer.byteLength(body));
  response.writeHead(200, [
    'Content-Type',
    'application/json',
    'Content-Length',
    length,
    'Cache-Control',
    'no-store',
    ...headers,
  ]);
  response.end(body);
}
