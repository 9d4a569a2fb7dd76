import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { dailyVisitor } from '../../../collector/collect/daily-visitor.ts';
import { type CollectorOptions, createCollector } from '../../../collector/create-collector.ts';
import { openPlainPort } from '../../../collector/plain-http/plain-port.ts';
import { openSpool, type Spool, type SpoolOptions, type SpoolStream } from '../../../collector/spool.ts';
import { contactHasher } from '../../../domain/contact.ts';
import { failed, ok } from '../../../domain/result.ts';
import { silentLogger } from '../../../warehouse/logger.ts';

export const nowMs = Date.UTC(2026, 0, 15, 12);

export interface FakeClock {
  now(): number;
  nowMs: number;
}
export const fakeClock = (): FakeClock => ({
  nowMs,
  now() {
    return this.nowMs;
  },
});

/** Takes the token `good`; `reader` lacks the scope. */
const authorise: CollectorOptions['authorise'] = async (request) => {
  const { authorization } = request.headers;
  if (authorization === 'Bearer good') return ok({ tokenId: 'good' });
  if (authorization === 'Bearer reader')
    return failed('forbidden', 'Authorization', 'The token lacks the scope ingest.');
  return failed('unauthorised', 'Authorization', 'Send a token as Authorization: Bearer tl_….');
};

/** Segments are closed when a test says so. */
export const longMs = 60 * 60 * 1000;

export const tempDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'throughline-collector-'));

export interface TestCollector {
  readonly url: string;
  readonly dir: string;
  readonly spool: Spool;
  readonly clock: FakeClock;
  /** Rows of a stream that are on disk, in order. */
  rows(stream: SpoolStream): Promise<Record<string, unknown>[]>;
  /** Closes the server and the spool, keeps the folder. */
  close(): Promise<void>;
  /** Closes all and removes the folder. */
  remove(): Promise<void>;
}

export type TestCollectorOptions = Partial<CollectorOptions> & {
  readonly spoolOptions?: Partial<SpoolOptions>;
  /** Node reads all requests. */
  readonly isNodeAlone?: boolean;
};

/** Written at one moment in all folders: servers name a file in its ETag by the time of its writing. */
async function writeScript(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  await utimes(file, nowMs / 1000, nowMs / 1000);
}

/** A collector on a free port with a real spool in a temporary folder. Site `demo` is https://shop.example. */
export async function startCollector(options: TestCollectorOptions = {}): Promise<TestCollector> {
  const dir = options.dataDir ?? (await tempDir());
  const clock = fakeClock();
  const trackerFile = join(dir, 't.js');
  await writeScript(trackerFile, 'console.log("tracker")');
  await writeScript(join(dir, 't-more.js'), 'console.log("more")');
  const spool = await openSpool({ dir: join(dir, 'spool'), clock, maxSegmentAgeMs: longMs, ...options.spoolOptions });
  const collector = await createCollector({
    project: 'shop',
    sites: [{ key: 'demo', domains: ['shop.example'], origins: ['https://shop.example'] }],
    dataDir: dir,
    spool,
    clock,
    trackerFile,
    hasher: contactHasher('secret'),
    dailyVisitor: dailyVisitor('secret', 'Europe/Moscow'),
    logger: silentLogger,
    wasCounting: async () => false,
    authorise,
    exchange: { sources: [], importFile: async () => ok({ records: 0, rejected: 0 }) },
    ...options,
  });
  const app = express();
  app.use(collector.router);
  const server = createServer((request, response) => {
    if (!collector.handleHot(request, response)) app(request, response);
  });
  const plain = options.isNodeAlone ? undefined : openPlainPort(server, server.keepAliveTimeout, collector.plain);
  const url = await listen(server);
  const close = async () => {
    server.closeAllConnections();
    plain?.destroyAll();
    await new Promise((resolve) => server.close(resolve));
    await collector.stop();
  };
  const remove = async () => {
    await close();
    await rm(dir, { recursive: true, force: true });
  };
  return { url, dir, spool, clock, close, remove, rows: (stream) => readRows(join(dir, 'spool', stream)) };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/** Every line of every segment of a spool folder, parsed; the room of a segment that is still written is left out. */
export async function readRows(folder: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const lines = (await readFile(join(folder, name), 'utf8'))
      .replace(/\0+$/, '')
      .split('\n')
      .filter((line) => line !== '');
    rows.push(...lines.map((line) => JSON.parse(line)));
  }
  return rows;
}

/** A UUID that is the same for the same number. */
export const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const pageview = (number: number, fields: object = {}): Record<string, unknown> => ({
  id: uuid(number),
  type: 'pageview',
  ts: nowMs - 1000,
  url: 'https://shop.example/',
  ...fields,
});
