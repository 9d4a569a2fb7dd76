import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemBody, problemType } from '../../domain/problem.ts';

/**
 * Refuses a request without a Host or with a target that is no address, true when it did; an absolute address, as one gives it to a
 * proxy, becomes its path.
 */
export function refuseStrangeTarget(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers.host === undefined && request.httpVersion === '1.1') {
    refuse(request, response, 'HTTP/1.1 needs the header Host.');
    return true;
  }
  const target = request.url ?? '';
  if (target.startsWith('/') || target === '*') return false;
  if (!URL.canParse(target)) {
    refuse(request, response, 'The address of the request cannot be read.');
    return true;
  }
  const { pathname, search } = new URL(target);
  request.url = `${pathname}${search}`;
  return false;
}

function refuse(request: IncomingMessage, response: ServerResponse, detail: string): void {
  request.resume();
  const body = problemBody(400, detail);
  response.writeHead(400, { 'Content-Type': problemType, 'Content-Length': Buffer.byteLength(body) }).end(body);
}
