import { SourceError, type SourceErrorKind } from '../../errors.ts';
import { excerpt, kindOfStatus, readJson, retryAfter } from '../../http-judge.ts';
import type { HttpResponse } from '../../http-response.ts';

/** Codes of https://apidocs.bitrix24.ru/limits.html and the page of system errors. Compared in lower case. */
const kindOfCode: Readonly<Record<string, SourceErrorKind>> = {
  query_limit_exceeded: 'limit',
  operation_time_limit: 'limit',
  overload_limit: 'limit',
  internal_server_error: 'transient',
  error_unexpected_answer: 'transient',
  expired_token: 'auth',
  invalid_token: 'auth',
  no_auth_found: 'auth',
  invalid_credentials: 'auth',
  insufficient_scope: 'auth',
  user_access_error: 'auth',
  access_denied: 'auth',
  authorization_error: 'auth',
  portal_deleted: 'gone',
  not_found: 'gone',
  error_method_not_found: 'settings',
  invalid_request: 'settings',
};

/** `{"error": …, "error_description": …}`. The code may be an empty text or a number, so the key's presence decides. */
export interface ErrorBody {
  readonly error: unknown;
  readonly error_description?: unknown;
}

export const isErrorBody = (body: unknown): body is ErrorBody =>
  typeof body === 'object' && body !== null && !Array.isArray(body) && 'error' in body;

/** The error of an answer: of its body when it names one, whatever the status; else of the status. */
export function errorOfAnswer(response: HttpResponse, nowMs: number, resetAtMs?: number): SourceError | undefined {
  const body = readJson(response).value;
  if (isErrorBody(body))
    return errorOfBody(body, { status: response.status, nowMs, resetAtMs, ...retryAfter(response, nowMs) });
  const kind = kindOfStatus(response.status);
  if (kind === undefined) return undefined;
  const text = `Bitrix24 answered HTTP ${response.status}: ${excerpt(response)}`;
  return new SourceError(kind, `${text}${cures[kind] ?? ''}`, retryAfter(response, nowMs));
}

export interface ErrorFacts {
  readonly status: number;
  readonly nowMs: number;
  /** When the portal lifts the ban of a method that ran too long. */
  readonly resetAtMs?: number | undefined;
  /** What the answer itself asks to wait. */
  readonly retryAfterMs?: number;
}

export function errorOfBody(body: ErrorBody, facts: ErrorFacts): SourceError {
  const code = String(body.error);
  const text = [code, String(body.error_description ?? '')].filter((part) => part !== '').join(': ');
  const kind = kindOfCode[code.toLowerCase()] ?? kindByText(text) ?? kindOfStatus(facts.status) ?? 'bad_data';
  const message = kind === 'auth' ? `the webhook is refused: ${text}` : `Bitrix24 answered ${text}`;
  return new SourceError(kind, `${message}${cures[kind] ?? ''}`, {
    code: code.toLowerCase(),
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    ...(code.toUpperCase() === 'OPERATION_TIME_LIMIT' ? { retryAfterMs: banMs(facts) } : {}),
  });
}

function kindByText(text: string): SourceErrorKind | undefined {
  if (/access denied|доступ запрещ/i.test(text)) return 'auth';
  if (/^not found\.?$/i.test(text)) return 'gone';
  return undefined;
}

const cures: Partial<Record<SourceErrorKind, string>> = {
  auth: '. Check the webhook in Bitrix24 (Developer resources → Inbound webhook): its scopes and the rights of its user',
  settings: '. Check the setting url of the source',
  gone: '. Check the setting url of the source: the portal or the method does not exist',
};

const longestBanMs = 10 * 60_000;
const usualBanMs = 60_000;

/** The ban lifts within ten minutes; an instant further away is a clock that differs. */
function banMs({ nowMs, resetAtMs }: ErrorFacts): number {
  if (resetAtMs === undefined || resetAtMs <= nowMs) return usualBanMs;
  return Math.min(resetAtMs - nowMs, longestBanMs);
}
