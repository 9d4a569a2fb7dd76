import { type ServerResponse, STATUS_CODES } from 'node:http';

/** One place of the input that is wrong. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An answer that is not a success, as RFC 9457 writes it. */
export interface HttpProblem {
  readonly status: number;
  /** What is wrong and how to mend it. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
}

/** Sends a problem document; `headers` are names and values in turn. */
export function sendProblem(response: ServerResponse, problem: HttpProblem, headers: readonly string[] = []): void {
  const { status, detail, errors, retryAfterSeconds } = problem;
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, ...(errors ? { errors } : {}) });
  response.writeHead(status, [
    ...headers,
    ...(retryAfterSeconds === undefined ? [] : ['Retry-After', String(retryAfterSeconds)]),
    'Content-Type',
    'application/problem+json',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
  ]);
  response.end(body);
}
