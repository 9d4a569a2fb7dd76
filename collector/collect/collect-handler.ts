import type { IncomingMessage, ServerResponse } from 'node:http';
import { maxBodyBytes } from '../../domain/event.ts';
import type { FieldError, ProblemStatus } from '../../domain/problem.ts';
import type { Problem, Result } from '../../domain/result.ts';
import type { ReplacedNumbers } from '../calls/number-ask.ts';
import { isCompressed } from '../http/is-compressed.ts';
import type { KnownAddress } from '../http/known-addresses.ts';
import { sendProblem } from '../http/problem.ts';
import { type ReadBody, readBody } from '../http/read-body.ts';
import type { Answer, RequestBody, RequestHead } from '../http/request-head.ts';
import type { AppendProblem } from '../spool.ts';
import { type Consent, takerOf, toBatch, visitorHeaders } from './batch-of-request.ts';
import type { CollectDeps, CollectReason } from './collect-deps.ts';
import { answerPreflight, corsHeaders, type HeaderList } from './cors.ts';
import { costOf } from './rate-limit.ts';
import { type Envelope, readEnvelope } from './read-envelope.ts';
import type { Batch, BatchAnswer } from './take-batch.ts';
import { readVisitorCookie } from './visitor-cookie.ts';
import { addressOf, checkAddress, checkSender, readableOrigin } from './who-may-send.ts';

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

const retryAfterSeconds = 5;
const exposeRetryAfter: HeaderList = ['Access-Control-Expose-Headers', 'Retry-After'];

/** A request under way. */
interface Call {
  readonly deps: CollectDeps;
  readonly request: RequestHead;
  readonly response: Answer;
  readonly address: KnownAddress;
  /** The visitor of its cookie. */
  readonly cookie: string | undefined;
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
  body: RequestBody,
  response: Answer,
  fail: Call['fail'],
): void {
  const call = openCall(deps, request, response, fail);
  if (call !== undefined) orFail(call, () => takeEnvelope(call, body));
}

/** What can be said before the body is read; undefined: the request is refused. */
function openCall(deps: CollectDeps, request: RequestHead, response: Answer, fail: Call['fail']): Call | undefined {
  const address = addressOf(deps, request);
  const cookie = readVisitorCookie(request.headers.cookie);
  const call = { deps, request, response, address, cookie, fail, cors: corsHeaders(readableOrigin(deps, request)) };
  const tooMany = checkAddress(deps, address);
  if (tooMany) refuse(call, tooMany);
  else if (isCompressed(request.headers)) refuse(call, compressed);
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
  if (body.ok) takeEnvelope(call, body.value);
  else if (body.problem.reason === 'broken_off') call.deps.count('broken_off');
  else if (body.problem.reason === 'overloaded')
    refuse(call, { ...body.problem, reason: 'overloaded', retryAfterSeconds });
  else refuse(call, { ...body.problem, reason: body.problem.reason });
}

function takeEnvelope(call: Call, body: RequestBody): void {
  const { deps, request } = call;
  const envelope = readEnvelope(body);
  if (!envelope.ok) {
    refuse(call, envelope.problem);
    return;
  }
  const refusal = checkSender(
    deps,
    request,
    call.address,
    envelope.value.site,
    costOf(envelope.value.events.length, body.length),
  );
  if (refusal) {
    refuse(call, refusal);
    return;
  }
  const batch = toBatch(call, envelope.value, 'collect');
  const take = takerOf(envelope.value);
  take(deps, batch, (taken) => orFail(call, () => answerWithNumbers(call, envelope.value, batch, taken)))?.catch(
    call.fail,
  );
}

type TakenBatch = Result<BatchAnswer, AppendProblem>;

function answerWithNumbers(call: Call, envelope: Envelope, batch: Batch, taken: TakenBatch): void {
  const asked = taken.ok ? call.deps.pageNumbers?.of(envelope.numbers, batch, taken.value) : undefined;
  if (asked === undefined) answer(call, envelope, taken);
  else asked.then((replaced) => answer(call, envelope, taken, replaced)).catch(call.fail);
}

function answer(call: Call, consent: Consent, taken: TakenBatch, numbers?: ReplacedNumbers): void {
  if (!taken.ok) {
    refuse(call, { ...taken.problem, retryAfterSeconds });
    return;
  }
  const cookieHeaders = visitorHeaders(call, consent, taken.value.visitor);
  sendAnswer(call, taken.value, numbers, cookieHeaders);
  call.deps.count('taken');
}

function refuse({ deps, response, cors }: Call, problem: CollectProblem): void {
  deps.count(problem.reason);
  sendProblem(response, { ...problem, status: statusOf[problem.reason] }, [...cors, ...exposeRetryAfter]);
}

export function handlePreflight(deps: CollectDeps, request: IncomingMessage, response: ServerResponse): undefined {
  answerPreflight(response, readableOrigin(deps, request));
}

/** Nothing of 64 KiB needs it, and what is not unpacked is no bomb. */
const compressed: CollectProblem = {
  reason: 'compressed',
  place: 'Content-Encoding',
  detail: 'The body is compressed: send it plain.',
};

function sendAnswer(
  { response, cors }: Call,
  { visitor, visit, visit_code, rejected }: BatchAnswer,
  numbers: ReplacedNumbers | undefined,
  cookieHeaders: HeaderList,
): void {
  const body =
    rejected === undefined && visit_code !== null && visitor !== null && numbers === undefined
      ? `{"visitor":"${visitor}","visit":"${visit}","visit_code":"${visit_code}"}`
      : JSON.stringify({ visitor, visit, visit_code, rejected, numbers });
  if (response.sendJson !== undefined) {
    response.sendJson(cors, cookieHeaders, body);
    return;
  }
  const length = String(Buffer.byteLength(body));
  const json = ['Content-Type', 'application/json', 'Content-Length', length, 'Cache-Control', 'no-store'];
  response.writeHead(200, [...json, ...cors, ...cookieHeaders]);
  response.end(body);
}
