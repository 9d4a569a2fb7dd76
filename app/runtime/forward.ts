import { Agent, type IncomingMessage, request as send } from 'node:http';
import { pipeline } from 'node:stream';
import { problemBody, problemType } from '../../domain/problem.ts';
import type { Handle } from './http-server.ts';
import type { ForwardTarget } from './worker-messages.ts';

/** Carries the key by which the main process knows its workers. */
export const workerHeader = 'x-throughline-worker';

/** Of one connection only, RFC 9110 7.6.1; `expect` is answered where the request arrives. */
const ofConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']);

/** Without them the end of a body would be anybody's guess, whatever the sender says of them. */
const framing = new Set(['content-length', 'transfer-encoding']);

/** Shorter than the main process keeps an unused connection: a request must not meet one that it is closing. */
const unusedMs = 10_000;

const unanswered = problemBody(503, 'Throughline cannot answer just now; send again in a second.');

/** Hands a request on to the main process on this machine, which sees one proxy more than the worker does. */
export function createForward({ port, key }: ForwardTarget): Handle {
  const agent = new Agent({ keepAlive: true, timeout: unusedMs });
  return (request, response) => {
    const { method, url: path } = request;
    const onward = send({ agent, host: '127.0.0.1', port, method, path, headers: headersOf(request, key) });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders, []).flat());
      pipeline(answer, response, () => undefined);
    });
    onward.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(503, { 'Content-Type': problemType, 'Retry-After': '1' }).end(unanswered);
    });
    // Who is gone needs no answer.
    response.on('close', () => onward.destroy());
    pipeline(request, onward, () => undefined);
  };
}

/** What the main process goes by comes first: of very many headers it reads no more than the first. */
function headersOf(request: IncomingMessage, key: string): string[] {
  const { host = '', 'x-forwarded-for': before } = request.headers;
  const peer = request.socket.remoteAddress ?? '';
  const forwarded = before === undefined ? peer : `${before}, ${peer}`;
  const ours = ['Host', host, workerHeader, key, 'X-Forwarded-For', forwarded];
  return [...ours, ...endToEnd(request.rawHeaders, ['host', workerHeader, 'x-forwarded-for']).flat()];
}

/** Headers that go on to the next, without those given: neither those of this connection alone nor those that `Connection` names. */
function endToEnd(rawHeaders: readonly string[], without: readonly string[]): (readonly [string, string])[] {
  const headers = pairsOf(rawHeaders);
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((name) => name.trim().toLowerCase()))
    .filter((name) => !framing.has(name));
  const left = new Set([...ofConnection, ...named, ...without]);
  return headers.filter(([name]) => !left.has(name.toLowerCase()));
}

function pairsOf(names: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: names.length / 2 }, (_, index) => [names[2 * index] ?? '', names[2 * index + 1] ?? '']);
}
