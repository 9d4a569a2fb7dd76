import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createLoader } from '../collector/loader.ts';
import { systemClock } from '../domain/time.ts';
import { connectWarehouse } from '../warehouse/client.ts';
import { startEmbedded } from '../warehouse/embedded/start-embedded.ts';
import { silentLogger } from '../warehouse/logger.ts';
import { migrate } from '../warehouse/migrate.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { machineLoad, median, say } from './lines.ts';

const rowsPerSegment = 50_000;
const segments = 4;
const rounds = 5;
const targetRatio = 0.9;

interface Database {
  readonly warehouse: Warehouse;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What waits in a spool, taken by the loader, beside the same files sent as they are in one request each, turn by turn into the same table. */
export async function measureDrain(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const server = await startEmbedded({ dataDir: dir });
  const warehouse = connectWarehouse({ ...server, database: 'throughline' });
  try {
    await connectAndMigrate(server);
    const headers = { 'X-ClickHouse-User': server.username, 'X-ClickHouse-Key': server.password };
    await compare(dir, { warehouse, url: server.url, headers });
  } finally {
    await warehouse.close();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function connectAndMigrate(server: { url: string; username: string; password: string }): Promise<void> {
  const system = connectWarehouse({ ...server, database: 'system' });
  await system.command('CREATE DATABASE IF NOT EXISTS throughline ENGINE = Atomic');
  await system.close();
  const warehouse = connectWarehouse({ ...server, database: 'throughline' });
  await migrate(warehouse);
  await warehouse.close();
}

async function compare(dir: string, database: Database): Promise<void> {
  const drained: number[] = [];
  const streamed: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const paths = await writeSegments(join(dir, `streamed-${round}`));
    bytes = (await stat(paths[0] ?? '')).size / rowsPerSegment;
    streamed.push(await rowsPerSecond(() => stream(paths, database)));
    const spool = join(dir, `drained-${round}`);
    await writeSegments(spool);
    drained.push(await rowsPerSecond(() => drain(spool, database.warehouse)));
  }
  const ratio = median(drained) / median(streamed);
  const each = drained.map((rate, round) => (rate / (streamed[round] ?? Number.NaN)).toFixed(2));
  say(`rows of ${bytes.toFixed(0)} bytes, ${segments} segments of ${rowsPerSegment}, medians of ${rounds} rounds`);
  say(
    `streamed as they are ${median(streamed).toFixed(0)} rows/s, drained by the loader ${median(drained).toFixed(0)} rows/s`,
  );
  say(`ratio ${ratio.toFixed(2)} (target ≥ ${targetRatio}); by round ${each.join(' ')}; ${machineLoad()}`);
}

async function rowsPerSecond(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (rowsPerSegment * segments * 1000) / (performance.now() - startedAt);
}

/** A spool with closed segments of events, new ones at each call. */
async function writeSegments(spool: string): Promise<string[]> {
  for (const stream of ['events', 'records', 'rejected']) await mkdir(join(spool, stream), { recursive: true });
  const startedAtMs = Date.now();
  const paths: string[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    const name = `events-${randomUUID().slice(0, 8)}-${startedAtMs}-${String(segment).padStart(6, '0')}`;
    const path = join(spool, 'events', `${name}.ndjson`);
    await writeFile(path, Array.from({ length: rowsPerSegment }, () => `${eventLine(name)}\n`).join(''));
    paths.push(path);
  }
  return paths;
}

function eventLine(batch: string): string {
  const visitor = randomUUID();
  const at = new Date().toISOString().replace('T', ' ').replace('Z', '');
  return JSON.stringify({
    batch,
    project: 'bench',
    site: 'demo',
    event_id: randomUUID(),
    visitor_id: visitor,
    visit_id: visitor,
    visit_code: 100_009,
    type: 'pageview',
    occurred_at: at,
    received_at: at,
    url: 'https://shop.example/catalog/kettles?utm_source=yandex&utm_medium=cpc&utm_campaign=1234567',
    referrer: 'https://yandex.ru/',
    title: 'Чайники — купить в магазине',
    ip: '192.0.2.0',
    user_agent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    channel_in: 'collect',
  });
}

async function stream(paths: readonly string[], { url, headers }: Database): Promise<void> {
  for (const path of paths) {
    const query = new URLSearchParams({
      database: 'throughline',
      query: 'INSERT INTO raw_events FORMAT JSONEachRow',
      date_time_input_format: 'best_effort',
    });
    await send(`${url}/?${query}`, headers, path);
  }
}

/** As curl would: the bytes of the file in one request. */
async function send(address: string, headers: Readonly<Record<string, string>>, path: string): Promise<void> {
  const sent = request(address, { method: 'POST', headers });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
  });
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), sent);
  const status = await answered;
  if (status !== 200) throw new Error(`the database answered ${status} to a segment that was streamed as it is`);
}

async function drain(dir: string, warehouse: Warehouse): Promise<void> {
  const loader = createLoader({ project: 'bench', dir, warehouse, logger: silentLogger, clock: systemClock });
  if (!(await loader.drain())) throw new Error('the database did not take the segments');
  await loader.stop();
}
