import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectWarehouse } from '../warehouse/client.ts';
import { readEndpoint } from '../warehouse/embedded/endpoint.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { childrenOf } from './processes.ts';

/** The whole product, as `throughline up` starts it: a main process, and as its children the embedded database and what takes events. */
export interface Product {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Take the events. */
  readonly workerPids: readonly number[];
  readonly databasePid: number;
  readonly dataDir: string;
  readonly warehouse: Warehouse;
  /** Headers that let a request read reports. */
  readonly headers: Readonly<Record<string, string>>;
  /** Stops all processes and removes the data. */
  stop(): Promise<void>;
}

const config = `project: bench
timezone: Europe/Moscow
sites:
  - { key: demo, domains: [shop.example], origins: ["https://shop.example"] }
`;
const token = 'tl_of_this_measurement_alone';
const startWithinMs = 60_000;

/** `args` of `up` beside where it runs; `more` goes at the end of the configuration. */
export async function startProduct(args: readonly string[] = [], more = ''): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  try {
    return await startIn(dataDir, args, more);
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(dataDir: string, args: readonly string[], more: string): Promise<Product> {
  const configFile = join(dataDir, 'throughline.config.yaml');
  await writeFile(configFile, config + more);
  const child = spawnUp(configFile, dataDir, args);
  const url = await greetedUrl(child);
  const endpoint = await readEndpoint(dataDir);
  if (endpoint === undefined || child.pid === undefined) throw new Error('the embedded database is not up');
  const warehouse = connectWarehouse({ ...endpoint, database: 'throughline' });
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid,
    workerPids: (await childrenOf(child.pid)).filter((pid) => pid !== endpoint.pid),
    databasePid: endpoint.pid,
    dataDir,
    warehouse,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    stop: async () => {
      await warehouse.close();
      await endOf(child);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function spawnUp(configFile: string, dataDir: string, args: readonly string[]): ChildProcess {
  const program = join(import.meta.dirname, '..', 'app', 'throughline.js');
  const { CLICKHOUSE_URL: _url, CLICKHOUSE_CLUSTER: _cluster, ...env } = process.env;
  return spawn(process.execPath, [program, 'up', '--config', configFile, '--data', dataDir, '--port', '0', ...args], {
    env: { ...env, HOST: '127.0.0.1', THROUGHLINE_ADMIN_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function greetedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error('throughline up did not start in a minute'));
    }, startWithinMs);
    child.once('exit', (code) => reject(new Error(`throughline up ended with ${code} before it was ready`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = /is up at (\S+)/.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
