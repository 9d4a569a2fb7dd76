import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectWarehouse } from '../../warehouse/client.ts';
import { startEmbedded } from '../../warehouse/embedded/start-embedded.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { expectEachCountedOnce } from '../app/support/counted-once.ts';
import { Load } from '../app/support/load.ts';
import { Product, type Up } from '../app/support/product.ts';
import { waitFor } from '../app/support/wait-for.ts';

const awayMs = 5 * 60_000;

let dir: string;
let database: Awaited<ReturnType<typeof startEmbedded>>;
let way: Way;
let product: Product;
let up: Up;

/** The way to the database, which can be cut. */
class Way {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor(port: number) {
    this.#server = createServer((socket) => {
      if (this.#isCut) return void socket.destroy();
      const onward = dial(port, '127.0.0.1');
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
  }

  open(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'throughline-away-'));
  database = await startEmbedded({ dataDir: dir });
  way = new Way(Number(new URL(database.url).port));
  const port = await way.open();
  const system = connectWarehouse({ ...database, database: 'system' });
  await system.command('CREATE DATABASE away ENGINE = Atomic');
  await system.close();
  product = await Product.create();
  const { username, password } = database;
  up = await product.up([], {
    CLICKHOUSE_URL: `http://${username}:${encodeURIComponent(password)}@127.0.0.1:${port}/away`,
  });
});

afterAll(async () => {
  await product.remove();
  way.close();
  await database.stop();
  await rm(dir, { recursive: true, force: true });
});

/** The loader asks after a database that was long away every half minute. */
async function waitUntilLoaded(warehouse: Warehouse, events: number): Promise<void> {
  await waitFor(
    'the events in the database',
    async () => {
      const [row] = await warehouse.query<{ n: string }>('SELECT count() AS n FROM raw_events');
      return Number(row?.n) >= events;
    },
    120_000,
  );
  await warehouse.close();
}

test('while the database is away for five minutes under load every event is taken, and counted once when it is back', async () => {
  const load = new Load(() => up.url);
  await delay(2_000);
  way.cut();
  const before = load.acknowledged.size;
  await delay(awayMs);
  expect(load.acknowledged.size).toBeGreaterThan(before + 1_000);
  expect(load.repeated.size).toBe(0);
  way.mend();
  await load.stop();
  const open = () => connectWarehouse({ ...database, database: 'away' });
  await waitUntilLoaded(open(), load.acknowledged.size);
  await expectEachCountedOnce(
    () => up.url,
    async () => open(),
    [load],
  );
}, 900_000);
