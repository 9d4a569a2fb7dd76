import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
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

// A phone on a bad line may take long to send, but nobody may hold a connection for ever.
const requestTimeoutMs = 60_000;
const lastWaitMs = 5_000;

export async function listen(handle: Handle, options: ListenOptions): Promise<Listening> {
  let isStopping = false;
  const server = createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout: 15_000 }, (request, response) => {
    // A busy connection is never idle: it ends with its answer.
    if (isStopping) response.shouldKeepAlive = false;
    handle(request, response);
  });
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const stop = (): Promise<void> => {
    isStopping = true;
    return closeServer(server);
  };
  return { url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`, port, stop };
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

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), lastWaitMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
