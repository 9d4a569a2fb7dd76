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

/** Sends a problem document. Headers already set on the answer (CORS) stay. */
export function sendProblem(response: ServerResponse, problem: HttpProblem): void {
  const { status, detail, errors, retryAfterSeconds } = problem;
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, ...(errors ? { errors } : {}) });
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  response.writeHead(status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
