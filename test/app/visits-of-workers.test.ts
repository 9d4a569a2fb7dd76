import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../app/config/load-config.ts';
import { type Front, openFront } from '../../app/runtime/front.ts';
import { intakeOf } from '../../app/runtime/intake.ts';
import { createLogger } from '../../app/runtime/logger.ts';
import { openCodeBlocks } from '../../collector/collect/code-blocks.ts';
import { collect, pageviews } from './support/ask.ts';

const logger = createLogger('silent');
let dir: string;
let front: Front;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'throughline-two-workers-'));
  front = await openFront((_request, response) => response.end(), { host: '127.0.0.1', port: 0, workers: 2, logger });
  const codeBlocks = await openCodeBlocks({ file: join(dir, 'codes'), wasCounting: async () => false, logger });
  await front.workers?.open({ codeBlocks, callNumbers: undefined }, (slot) => ({
    ...intakeOf(parseConfig('', 'a.yaml', {}), 2),
    project: 'shop',
    sites: [{ key: 'demo', domains: ['shop.example'], origins: ['https://shop.example'] }],
    isOpenOnLoopback: false,
    proxies: 0,
    spoolDir: join(dir, `spool-${slot}`),
    timezone: 'Europe/Moscow',
    secret: 'of this test',
    landing: undefined,
    logLevel: 'silent',
  }));
});
afterAll(async () => {
  await front.stop();
  await rm(dir, { recursive: true, force: true });
});

/** What a new connection, which either worker may have, is answered. */
async function answerTo(body: string): Promise<{ visit: unknown; visit_code: unknown }> {
  const answer = await collect(front.url, body, { connection: 'close' });
  expect(answer.status).toBe(200);
  const { visit, visit_code } = (await answer.json()) as Record<string, unknown>;
  return { visit, visit_code };
}

async function expectOneVisit(bodyOf: () => string): Promise<void> {
  const first = await answerTo(bodyOf());
  expect(first.visit_code).toMatch(/^\d{6}$/);
  for (let request = 0; request < 20; request += 1) expect(await answerTo(bodyOf())).toEqual(first);
}

test('a visit without a cookie, one of a visitor alone, and one that senders name have one name and code in every worker', async () => {
  const [visitor, other, visit] = [randomUUID(), randomUUID(), randomUUID()];
  await expectOneVisit(() => JSON.stringify({ ...JSON.parse(pageviews(visitor, [randomUUID()])), cookieless: true }));
  await expectOneVisit(() => pageviews(visitor, [randomUUID()]));
  await expectOneVisit(() => pageviews(other, [randomUUID()], { visit }));
  const fewest = () => Math.min(...(front.workers?.states() ?? []).map(({ stats }) => stats.requests.taken ?? 0));
  await expect.poll(fewest, { timeout: 5000 }).toBeGreaterThan(0);
});
