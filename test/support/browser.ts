import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../simulator/chromium.ts';

/** Headless Chromium out of npm with its usual web security; every host `*.test` is this machine. Close it after the tests. */
export async function launchBrowser(): Promise<Browser> {
  return await launchChromium('MAP *.test 127.0.0.1');
}

/** One request the fixture site has seen; `host` without its port. */
export interface SeenRequest {
  method: string;
  host: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface FixtureAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

export type FixtureHandler = (request: SeenRequest) => FixtureAnswer | Promise<FixtureAnswer>;

export interface FixtureSite {
  port: number;
  /** Address of a path on one of the hosts `*.test`. */
  url(host: string, path?: string): string;
  /** Answers `path` (without its query) on every host; the last one set wins. A string is an HTML page. */
  on(path: string, answer: string | FixtureHandler): void;
  /** Answers `path` as `other` is answered. */
  as(path: string, other: string): void;
  /** Every request so far, in the order of arrival. */
  seen: SeenRequest[];
  /** Resolves once `isThere` is true, asked again when a request has come and when it is answered; rejects after `timeoutMs`. */
  until(isThere: () => boolean, what: string, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return {
    method: request.method ?? '',
    host: (request.headers.host ?? '').replace(/:\d+$/, ''),
    path: request.url ?? '/',
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

const asHandler = (answer: string | FixtureHandler): FixtureHandler =>
  typeof answer === 'string'
    ? () => ({ headers: { 'content-type': 'text/html; charset=utf-8' }, body: answer })
    : answer;

/** A small web server of many hosts on a free loopback port: pages, redirects and a collector stand-in, all set by the test. */
export async function startFixtureSite(): Promise<FixtureSite> {
  const pages = new Map<string, FixtureHandler>();
  const seen: SeenRequest[] = [];
  const watchers = new Set<() => void>();

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = await readRequest(request);
    seen.push(received);
    const handler = pages.get(received.path.replace(/\?.*$/, ''));
    const answering = handler ? handler(received) : { status: 404 };
    for (const look of watchers) look();
    const answer = await answering;
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    for (const look of watchers) look();
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    port,
    seen,
    url: (host, path = '/') => `http://${host}:${port}${path}`,
    on: (path, answer) => void pages.set(path, asHandler(answer)),
    as: (path, other) => {
      const answer = pages.get(other);
      if (answer) pages.set(path, answer);
    },
    until: (isThere, what, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const end = (finish: () => void) => {
          clearTimeout(limit);
          watchers.delete(look);
          finish();
        };
        const limit = setTimeout(() => end(() => reject(new Error(`${what}: not within ${timeoutMs} ms`))), timeoutMs);
        const look = () => {
          if (isThere()) end(resolve);
        };
        watchers.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
