import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { Pool } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Product, plainConfig, type Up, workersOf } from '../app/support/product.ts';
import { bodyAround } from '../collector/collect/hostile-bodies.ts';
import { mutationsOf } from './mutations.ts';

const payloads = 200_000;
/** From then on the maps of known visitors and addresses no longer grow. */
const steadyFrom = payloads / 4;
const drawn = 4_000;
const atOnce = 32;
const mostGrowthMb = 40;
const fine = [200, 400, 403, 413];

/** Pages ask for numbers too: most visits find none left. */
const config = `${plainConfig}call_tracking:
  pools:
    - { name: maps, replace: "+7 495 123-45-67", number: "+7 495 000-00-10", sources: [yandex-maps] }
    - { name: ads, replace: "+7 495 123-45-67", numbers: ["+7 495 000-00-01", "+7 495 000-00-02"] }
`;

let product: Product;
let up: Up;
let pool: Pool;

beforeAll(async () => {
  product = await Product.create(config);
  up = await product.up();
  pool = new Pool(up.url, { connections: atOnce });
});

afterAll(async () => {
  await pool.close();
  await product.remove();
});

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function send(body: Buffer): Promise<number> {
  const headers = { origin: 'https://shop.example', 'user-agent': 'Mozilla/5.0', 'content-type': 'text/plain' };
  const answer = await pool.request({ path: '/collect', method: 'POST', headers, body });
  await answer.body.dump();
  return answer.statusCode;
}

/** Sends all bodies, so many at once, and counts the answers by status. */
async function sendAll(bodies: Iterator<Buffer>, count: number, statuses: Map<number, number>): Promise<void> {
  let left = count;
  const sender = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const status = await send(bodies.next().value);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
}

test('two hundred thousand drawn and mutated bodies bring no failure, no crash and no growth of memory', async () => {
  const bases = fc.sample(bodyAround(Date.now()), { numRuns: drawn, seed: 7 });
  const texts = bases.map((base) => Buffer.from(JSON.stringify(base) ?? ''));
  const bodies = mutationsOf(texts, 7);
  const [worker = 0] = await workersOf(up);
  const statuses = new Map<number, number>();
  await sendAll(bodies, steadyFrom, statuses);
  const steadyMb = await residentMb(worker);
  await sendAll(bodies, payloads - steadyFrom, statuses);
  const grownMb = (await residentMb(worker)) - steadyMb;
  process.stdout.write(
    `answers by status: ${JSON.stringify([...statuses])}; ${steadyMb.toFixed(0)} MB, ${grownMb.toFixed(0)} MB more at the end\n`,
  );
  expect([...statuses.keys()].filter((status) => !fine.includes(status))).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(payloads / 20);
  expect(await workersOf(up)).toEqual([worker]);
  expect(up.output.stderr).toBe('');
  expect(grownMb).toBeLessThan(mostGrowthMb);
}, 900_000);
