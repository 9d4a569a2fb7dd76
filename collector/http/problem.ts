import { type FieldError, type ProblemStatus, problemBody, problemType } from '../../domain/problem.ts';
import type { Answer } from './request-head.ts';

/** An answer that is not a success, as RFC 9457 writes it. */
export interface HttpProblem {
  readonly status: ProblemStatus;
  /** What is wrong and how to mend it. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
}

/** Sends a problem document; `headers` are names and values in turn. */
export function sendProblem(response: Answer, problem: HttpProblem, headers: readonly string[] = []): void {
  const { status, detail, errors, retryAfterSeconds } = problem;
  const body = problemBody(status, detail, errors);
  response.writeHead(status, [
    ...headers,
    ...(retryAfterSeconds === undefined ? [] : ['Retry-After', String(retryAfterSeconds)]),
    'Content-Type',
    problemType,
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
  ]);
  response.end(body);
}
