import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Collector, createCollector } from '../collector/create-collector.ts';
import { openSpool } from '../collector/spool.ts';
import { contactHasher } from '../domain/contact.ts';
import { failed } from '../domain/result.ts';
import { systemClock } from '../domain/time.ts';
import { silentLogger } from '../warehouse/logger.ts';

export interface CollectorMeasurement {
  readonly connections: number;
  /** Requests a second, each answered after its event was synced to disk. */
  readonly collectorPerSecond: number;
  /** Requests a second of a server that reads and parses the same bodies and does nothing else. */
  readonly barePerSecond: number;
  /** Median of the rounds' collector ÷ bare. */
  readonly ratio: number;
}

export interface MeasureOptions {
  readonly connections?: number;
  readonly rounds?: number;
  readonly warmUpMs?: number;
  readonly measureMs?: number;
}

/** Compares the collector with a bare parsing server, turn by turn, so that a busy machine slows both alike. */
export async function measureCollector(options: MeasureOptions = {}): Promise<CollectorMeasurement> {
  const { connections = 256, rounds = 3, warmUpMs = 2000, measureMs = 4000 } = options;
  const dir = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const collector = await openCollector(dir);
  const load = { connections, warmUpMs, measureMs };
  const pairs: { bare: number; collector: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await measure(parseOnly, load);
    pairs.push({ bare, collector: await measure((request, response) => collector.handleHot(request, response), load) });
  }
  await collector.stop();
  await rm(dir, { recursive: true });
  return {
    connections,
    collectorPerSecond: Math.round(median(pairs.map((pair) => pair.collector))),
    barePerSecond: Math.round(median(pairs.map((pair) => pair.bare))),
    ratio: median(pairs.map((pair) => pair.collector / pair.bare)),
  };
}

async function openCollector(dir: string): Promise<Collector> {
  const nobody = async () => failed('forbidden', 'Authorization', 'not measured');
  return createCollector({
    project: 'bench',
    sites: [{ key: 'demo', domains: ['shop.example'], origins: ['https://shop.example'] }],
    dataDir: dir,
    spool: await openSpool({ dir: join(dir, 'spool'), clock: systemClock }),
    hasher: contactHasher('secret'),
    clock: systemClock,
    logger: silentLogger,
    trackerFile: join(dir, 't.js'),
    authorise: nobody,
    exchange: { sources: [], importFile: nobody },
  });
}

const parseOnly: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.stringify(Object.keys(JSON.parse(Buffer.concat(chunks).toString())));
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
};

interface Load {
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

async function measure(handle: RequestListener, load: Load): Promise<number> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const worker = new Worker(new URL('./collector-load.mjs', import.meta.url), {
    workerData: { ...load, port: address.port },
  });
  const result = await new Promise<{ perSecond: number; failed: number }>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  if (result.failed > 0) throw new Error(`${result.failed} requests were not answered with 200`);
  return result.perSecond;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
