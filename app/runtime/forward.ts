import { Agent, type IncomingMessage, request as send } from 'node:http';
import { pipeline } from 'node:stream';
import { problemBody, problemType } from '../../domain/problem.ts';
import type { Handle } from './http-server.ts';
import type { ForwardTarget } from './worker-messages.ts';

/** Carries the key by which the main process knows its workers. */
export const workerHeader = 'x-throughline-worker';

/** Of one connection only, RFC 9110 7.6.1; `expect` is answered where the request arrives. */
const ofConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']);

/** Hands a request on to the main process on this machine, which sees one proxy more than the worker does. */
export function createForward({ port, key }: ForwardTarget): Handle {
  const agent = new Agent({ keepAlive: true });
  return (request, response) => {
    const { method, url: path } = request;
    const onward = send({ agent, host: '127.0.0.1', port, method, path, headers: headersOf(request, key) });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutOfConnection(answer.rawHeaders));
      pipeline(answer, response, () => undefined);
    });
    onward.on('error', () => {
      if (response.headersSent) response.destroy();
      else {
        response.writeHead(503, { 'Content-Type': problemType, 'Retry-After': '1' });
        response.end(problemBody(503, 'Throughline is starting; send again in a second.'));
      }
    });
    // Who is gone needs no answer.
    response.on('close', () => onward.destroy());
    pipeline(request, onward, () => undefined);
  };
}

function headersOf(request: IncomingMessage, key: string): string[] {
  const headers = withoutOfConnection(request.rawHeaders).filter(
    (_text, index, all) => !isOurs(all[index - (index % 2)] ?? ''),
  );
  const before = request.headers['x-forwarded-for'];
  const peer = request.socket.remoteAddress ?? '';
  return [...headers, 'X-Forwarded-For', before === undefined ? peer : `${before}, ${peer}`, workerHeader, key];
}

const isOurs = (name: string): boolean => ['x-forwarded-for', workerHeader].includes(name.toLowerCase());

/** Names and values in turn. */
function withoutOfConnection(headers: readonly string[]): string[] {
  return headers.filter((_text, index) => !ofConnection.has((headers[index - (index % 2)] ?? '').toLowerCase()));
}
