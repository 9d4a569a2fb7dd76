import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlainTaker } from '../../collector/plain-http/plain-connection.ts';
import { openPlainPort, type PlainPort } from '../../collector/plain-http/plain-port.ts';
import { answerWhatNodeRefuses } from './refused-connection.ts';
import { refuseStrangeTarget } from './request-target.ts';

/** How long a client may take, so that nobody holds a connection for ever. */
export interface Timeouts {
  readonly headersMs: number;
  /** Headers and body together: a phone on a bad line may take long to send. */
  readonly requestMs: number;
  /** Without a byte in either direction: longer than the longest report. */
  readonly silenceMs: number;
  /** How often the limits are looked at. */
  readonly checkMs: number;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly timeouts?: Timeouts;
  /** Takes events before node reads the request. */
  readonly plain?: PlainTaker | undefined;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Takes no new request, lets those under way end. */
  stop(): Promise<void>;
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** The port is taken or not ours to take; the message says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const defaultTimeouts: Timeouts = { headersMs: 20_000, requestMs: 60_000, silenceMs: 300_000, checkMs: 5_000 };
const keepAliveMs = 15_000;
const lastWaitMs = 5_000;

export async function listen(handle: Handle, options: ListenOptions): Promise<Listening> {
  let isStopping = false;
  const server = makeServer(options.timeouts ?? defaultTimeouts, (request, response) => {
    // A busy connection is never idle: it ends with its answer.
    if (isStopping) response.shouldKeepAlive = false;
    if (!refuseStrangeTarget(request, response)) handle(request, response);
  });
  const plain = options.plain && openPlainPort(server, keepAliveMs, options.plain);
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> => {
    isStopping = true;
    return closeServer(server, plain);
  };
  return { url: urlOf(options.host, port), port, stop };
}

/** Where a browser on this machine finds it. */
export function urlOf(host: string, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name === '0.0.0.0' ? '127.0.0.1' : name}:${port}`;
}

function makeServer(timeouts: Timeouts, handle: Handle): Server {
  const limits = {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkMs,
    keepAliveTimeout: keepAliveMs,
    // Node's own refusal has no words; ours does.
    requireHostHeader: false,
  };
  const server = createServer(limits, handle);
  server.timeout = timeouts.silenceMs;
  answerWhatNodeRefuses(server);
  return server;
}

function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is taken: stop what uses it or give another with --port.`
          : `Cannot listen on ${host}:${port} (${error.code ?? error.message}).`;
      reject(new ListenError(why));
    });
    server.listen(port, host, resolve);
  });
}

function closeServer(server: Server, plain: PlainPort | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
      plain?.destroyAll();
    }, lastWaitMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
    plain?.stop();
  });
}
