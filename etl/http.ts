import type { Dispatcher } from 'undici';
import { EnvHttpProxyAgent, request as send } from 'undici';
import type { Clock } from '../domain/time.ts';
import { isWorthRetrying, SourceError } from './errors.ts';
import { type JudgeResponse, judgeStatus, readJson } from './http-judge.ts';
import type { HttpResponse } from './http-response.ts';
import type { Logger } from './logger.ts';
import type { RateLimiter } from './rate-limit.ts';
import { type Redact, redactor } from './redact.ts';
import { type BackOff, defaultBackOff, waitBeforeRetryMs } from './retry.ts';
import type { Sleep } from './sleep.ts';

export interface HttpRequest {
  readonly url: string;
  /** Default: POST with a body, GET without. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string;
  readonly basicAuth?: { readonly user: string; readonly password: string };
  /** For the whole answer; default 60 s. */
  readonly timeoutMs?: number;
  /** Default 64 MiB. */
  readonly maxBytes?: number;
  /** Decides whether an answer is an error of the vendor; default: by status alone. */
  readonly judge?: JudgeResponse;
}

/** Requests of one source: rate-limited, retried when that can help, with its secrets kept out of errors and logs. */
export interface HttpClient {
  /** Throws SourceError; an answer that comes back is a good one. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** The same with the body read as JSON; a web page instead of JSON is an error. */
  json(request: HttpRequest): Promise<unknown>;
  close(): Promise<void>;
}

export interface HttpClientDeps {
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Uniform in [0, 1); for the jitter. */
  readonly random: () => number;
  readonly limiter: RateLimiter;
  readonly log: Logger;
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal;
  readonly backOff?: BackOff;
  /** Told before each wait for another try. */
  readonly onRetry?: (retry: Retry) => void;
}

export interface Retry {
  /** Number of the try that follows, and of the last one. */
  readonly attempt: number;
  readonly attempts: number;
  readonly waitMs: number;
  /** Why the last one failed; without secrets. */
  readonly why: string;
}

/** Code of an error that means: nothing answers at that address. */
export const noAnswer = 'no_answer';

const defaultTimeoutMs = 60_000;
const defaultMaxBytes = 64 * 1024 * 1024;

/** Makes the HTTP client of one source. HTTPS_PROXY and NO_PROXY of the environment are honoured. */
export function createHttpClient(deps: HttpClientDeps): HttpClient {
  const dispatcher = new EnvHttpProxyAgent({ allowH2: false });
  const redact = redactor(deps.secrets ?? []);
  let isSilent = false;
  // What did not answer through all tries is not waited for again, stream after stream.
  const backOff = deps.backOff ?? defaultBackOff;
  const request = async (wanted: HttpRequest): Promise<HttpResponse> => {
    const attempts = isSilent ? 1 : backOff.attempts;
    try {
      const response = await requestWithRetries(wanted, {
        ...deps,
        dispatcher,
        redact,
        backOff: { ...backOff, attempts },
      });
      isSilent = false;
      return response;
    } catch (error) {
      isSilent = error instanceof SourceError && error.code === noAnswer;
      throw error;
    }
  };
  return {
    request,
    json: async (wanted) => {
      const judge: JudgeResponse = (response, nowMs) =>
        (wanted.judge ?? judgeStatus)(response, nowMs) ?? readJson(response).error;
      return readJson(await request({ ...wanted, judge })).value;
    },
    close: () => dispatcher.close(),
  };
}

type Requester = HttpClientDeps & {
  readonly dispatcher: Dispatcher;
  readonly redact: Redact;
  readonly backOff: BackOff;
};

async function requestWithRetries(wanted: HttpRequest, deps: Requester): Promise<HttpResponse> {
  const { backOff } = deps;
  let waitedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    await deps.limiter.take(deps.signal);
    const outcome = await attemptOnce(wanted, deps);
    if (!(outcome instanceof SourceError)) return outcome;
    const error = cleanError(outcome, deps.redact);
    const waitMs = waitBeforeRetryMs(error, attempt, backOff, deps.random);
    const isHopeless =
      !isWorthRetrying(error.kind) || attempt >= backOff.attempts || waitedMs + waitMs > backOff.totalMs;
    if (isHopeless) throw error;
    deps.onRetry?.({ attempt: attempt + 1, attempts: backOff.attempts, waitMs, why: error.message });
    deps.log.warn({ kind: error.kind, attempt, waitMs: Math.round(waitMs) }, `will try again: ${error.message}`);
    await deps.sleep(waitMs, deps.signal);
    deps.signal?.throwIfAborted();
    waitedMs += waitMs;
  }
}

async function attemptOnce(wanted: HttpRequest, deps: Requester): Promise<HttpResponse | SourceError> {
  let response: HttpResponse;
  try {
    response = await exchange(wanted, deps);
  } catch (error) {
    deps.signal?.throwIfAborted();
    if (error instanceof SourceError) return error;
    return new SourceError(
      'transient',
      `${originOf(wanted.url)} did not answer: ${describe(error)}. ${cureOfSilence}`,
      {
        code: noAnswer,
      },
    );
  }
  return (wanted.judge ?? judgeStatus)(response, deps.clock.now()) ?? response;
}

async function exchange(wanted: HttpRequest, deps: Requester): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(wanted.timeoutMs ?? defaultTimeoutMs);
  const body = wanted.json === undefined ? wanted.body : JSON.stringify(wanted.json);
  const answer = await send(parseUrl(wanted.url), {
    dispatcher: deps.dispatcher,
    method: wanted.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: requestHeaders(wanted),
    body: body ?? null,
    signal: deps.signal === undefined ? timeout : AbortSignal.any([timeout, deps.signal]),
  });
  const bytes = await readBody(answer.body, wanted.maxBytes ?? defaultMaxBytes, hostOf(wanted.url));
  const headers = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]);
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(headers),
    bytes,
    text: () => new TextDecoder('utf-8').decode(bytes),
  };
}

async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new SourceError('bad_data', `the answer of ${host} is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function requestHeaders(wanted: HttpRequest): Record<string, string> {
  const { user, password } = wanted.basicAuth ?? {};
  return {
    'user-agent': 'Throughline',
    ...(wanted.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(user === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
    ...wanted.headers,
  };
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw new SourceError('settings', 'the address in the settings of the source is not a URL');
  return new URL(url);
}

const cureOfSilence =
  'Check the address in the settings of the source, and that this machine can reach it: network, firewall, HTTPS_PROXY';

/** Scheme, host and port: the path may be a secret. */
const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'the source');

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'the source');

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.message || error.name}${code}`;
}

function cleanError(error: SourceError, redact: Redact): SourceError {
  return new SourceError(error.kind, redact(error.message), {
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.code === undefined ? {} : { code: error.code }),
  });
}
