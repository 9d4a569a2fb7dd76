import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Figures, metricsText } from '../../app/runtime/operation/metrics.ts';
import { metricsTokens } from '../../app/runtime/operation/metrics-tokens.ts';
import { operationRouter } from '../../app/runtime/operation/operation-router.ts';
import { type NotReady, noted, type ReadinessDeps, whatIsNotReady } from '../../app/runtime/operation/readiness.ts';
import { addStats, emptyStats, withoutPending } from '../../collector/add-stats.ts';
import { SecondsCounter } from '../../collector/histogram.ts';
import type { HotPathStats } from '../../collector/hot-path.ts';
import { failed, ok } from '../../domain/result.ts';
import { WarehouseError } from '../../warehouse/warehouse-error.ts';

const info = { id: 'a', name: 'prometheus', scopes: ['read'], createdAtMs: 0, revokedAtMs: null } as const;

/** A database of tokens that a test sends away, or makes hang until it lets go. */
const database = { isAway: false, good: new Set(['tl_good']), asked: 0, hangs: Promise.resolve() };
const tokens = {
  verifyToken: async (token: string) => {
    database.asked += 1;
    await database.hangs;
    if (database.isAway) throw new WarehouseError('the database does not answer', { kind: 'unreachable' });
    if (token === 'tl_ingest') return failed('scope', 'authorization', 'this token is for ingest');
    return database.good.has(token) ? ok(info) : failed('unknown', 'authorization', 'this token is not known');
  },
};
beforeEach(() => {
  Object.assign(database, { isAway: false, good: new Set(['tl_good']), asked: 0, hangs: Promise.resolve() });
});

function stats(taken: number, seconds: readonly number[]): HotPathStats {
  const flushes = new SecondsCounter();
  for (const one of seconds) flushes.observe(one);
  const spool = { lines: { events: taken, rejected: 1 }, flushes: flushes.read(), pendingBytes: 10 };
  return { requests: { taken, rate_limited: 2 }, spool };
}

const figures: Figures = {
  nowMs: 60_000,
  processes: [
    { process: 'main', stats: emptyStats, residentBytes: 1000 },
    { process: 'worker-1', stats: stats(5, [0.0004, 0.003, 9]), residentBytes: 2000 },
  ],
  workers: { wanted: 2, open: 1 },
  spools: [
    { spool: 'main', lag: { segments: 0, bytes: 0, sinceMs: undefined } },
    { spool: 'worker-1', lag: { segments: 2, bytes: 300, sinceMs: 45_000 } },
  ],
  diskFreeBytes: 7,
  loader: { loaded: 3, failed: 1 },
  stages: { done: 4, failed: 0, lastSeconds: 1.5, ageFromMs: 58_000 },
};

describe('the figures', () => {
  test.each([
    'throughline_accepted_total{process="worker-1",stream="events"} 5',
    'throughline_collect_requests_total{process="worker-1",outcome="rate_limited"} 2',
    'throughline_collect_requests_total{process="main",outcome="taken"} 0',
    'throughline_spool_waiting_bytes{spool="worker-1"} 300',
    'throughline_spool_oldest_seconds{spool="worker-1"} 15',
    'throughline_spool_oldest_seconds{spool="main"} 0',
    'throughline_spool_flush_seconds_bucket{process="worker-1",le="0.0005"} 1',
    'throughline_spool_flush_seconds_bucket{process="worker-1",le="0.005"} 2',
    'throughline_spool_flush_seconds_bucket{process="worker-1",le="5"} 2',
    'throughline_spool_flush_seconds_bucket{process="worker-1",le="+Inf"} 3',
    'throughline_spool_flush_seconds_count{process="worker-1"} 3',
    'throughline_segments_loaded_total 3',
    'throughline_stage_runs_total{outcome="done"} 4',
    'throughline_stage_age_seconds 2',
    'throughline_resident_memory_bytes{process="main"} 1000',
    'throughline_workers_open 1',
    'throughline_disk_free_bytes 7',
  ])('say %s', async (line) => {
    expect((await metricsText(figures)).split('\n')).toContain(line);
  });

  test('name and type each metric once, before its values', async () => {
    const names = [...(await metricsText(figures)).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
  });

  test('say nothing of roles that the process does not have', async () => {
    const text = await metricsText({ nowMs: 0, processes: [], spools: [], diskFreeBytes: undefined });
    expect(text).not.toMatch(/^throughline_/m);
  });
});

test('what a process did that ended stays counted, and what it had not on disk does not', () => {
  const ended = withoutPending(addStats(emptyStats, stats(5, [0.1])));
  const both = addStats(ended, stats(2, [0.1, 0.2]));
  expect(both.requests).toEqual({ taken: 7, rate_limited: 4 });
  expect(both.spool.lines).toEqual({ events: 7, rejected: 2 });
  expect(both.spool.pendingBytes).toBe(10);
  expect(both.spool.flushes.counts.reduce((sum, count) => sum + count)).toBe(3);
  expect(both.spool.flushes.sumSeconds).toBeCloseTo(0.4);
});

describe('who asks for figures', () => {
  test('needs a token of scope read', async () => {
    const judge = metricsTokens(tokens);
    expect(await judge(undefined)).toMatchObject({ status: 401 });
    expect(await judge('Bearer tl_bad')).toMatchObject({ status: 401 });
    expect(await judge('Bearer tl_ingest')).toMatchObject({ status: 403 });
    expect(await judge('Bearer tl_good')).toBeUndefined();
  });

  test('is served while the database is away if the token was good the last time', async () => {
    const judge = metricsTokens(tokens);
    await judge('Bearer tl_good');
    await judge('Bearer tl_bad');
    database.isAway = true;
    expect(await judge('Bearer tl_good')).toBeUndefined();
    expect(await judge('Bearer tl_bad')).toMatchObject({ status: 503 });
    database.isAway = false;
    database.good.clear();
    expect(await judge('Bearer tl_good')).toMatchObject({ status: 401 });
    database.isAway = true;
    expect(await judge('Bearer tl_good')).toMatchObject({ status: 503 });
  });

  test('is served in time while the database hangs, which is asked about a token once until it answers', async () => {
    const judge = metricsTokens(tokens, { knownMs: 1, unknownMs: 2 });
    await judge('Bearer tl_good');
    const letGo = { now: () => {} };
    database.hangs = new Promise((resolve) => {
      letGo.now = resolve;
    });
    for (const _ of [1, 2, 3]) expect(await judge('Bearer tl_good')).toBeUndefined();
    expect(await judge('Bearer tl_bad')).toMatchObject({ status: 503 });
    expect(database.asked).toBe(3);
    database.good.clear();
    letGo.now();
    await expect.poll(() => judge('Bearer tl_good')).toMatchObject({ status: 401 });
    expect(await judge('Bearer tl_bad')).toMatchObject({ status: 401 });
  });
});

describe('an installation', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'throughline-ready-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const problems = (deps: Partial<ReadinessDeps>): Promise<NotReady[]> => {
    const usual = { spools: [dir], freeBytes: async () => 500, minFreeBytes: 500, workers: () => undefined };
    return whatIsNotReady({ ...usual, ...deps });
  };
  const parts = async (deps: Partial<ReadinessDeps>): Promise<string[]> =>
    (await problems(deps)).map(({ part }) => part);

  test('is ready when its spools can be written, and leaves nothing there', async () => {
    expect(await parts({})).toEqual([]);
    expect(await readdir(dir)).toEqual([]);
  });

  test('is not when a spool cannot be written', async () => {
    const file = join(dir, '..', 'no such folder');
    expect(await parts({ spools: [dir, file] })).toEqual(['spool']);
  });

  test('is not when less of the disk is free than must stay free; a disk that does not tell is none', async () => {
    expect(await parts({ freeBytes: async () => 499 })).toEqual(['disk']);
    expect(await parts({ freeBytes: async () => undefined })).toEqual([]);
  });

  test('is not when no worker takes events; while one does it is', async () => {
    expect(await parts({ workers: () => ({ wanted: 2, open: 0 }) })).toEqual(['workers']);
    expect(await parts({ workers: () => ({ wanted: 2, open: 1 }) })).toEqual([]);
  });
});

test('what is not ready is told in full to the log, once until it changes, and without paths and figures to others', async () => {
  const written: unknown[] = [];
  const logger = {
    warn: (fields: object, message: string) => void written.push([message, fields]),
    info: (_fields: object, message: string) => void written.push([message]),
  };
  const megabyte = 1024 * 1024;
  const state = { free: 148 * megabyte };
  const lost = join(tmpdir(), 'no such folder');
  const ask = noted(logger, () =>
    whatIsNotReady({
      spools: state.free > 256 * megabyte ? [] : [lost],
      freeBytes: async () => state.free,
      minFreeBytes: 256 * megabyte,
      workers: () => undefined,
    }),
  );
  const details = (await ask()).map(({ detail }) => detail).join(' ');
  expect(details).toBe('Events cannot be written to the disk. Less of the disk is free than must stay free.');
  state.free = 140 * megabyte;
  await ask();
  state.free = 300 * megabyte;
  await ask();
  await ask();
  const causes = [
    expect.stringContaining(`${lost} cannot be written (ENOENT)`),
    expect.stringContaining('148 MB free and 256 MB must stay free'),
  ];
  expect(written).toEqual([['not ready', { causes }], ['ready again']]);
});

describe('over HTTP', () => {
  let url: string;
  let asked = 0;
  const state = { nowMs: 1000, problems: [] as NotReady[] };
  const app = express().use(
    operationRouter({
      tokens,
      figures: async () => figures,
      now: () => state.nowMs,
      notReady: async () => {
        asked += 1;
        return state.problems;
      },
    }),
  );
  const server = createServer(app);
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  test('/healthz says that the process lives, without a token', async () => {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
  });

  test('/readyz answers 200, or 503 with Retry-After and the names of what is not ready, without a token', async () => {
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    state.problems = [{ part: 'disk', detail: 'The disk is short.', cause: 'The disk of /srv/shop has 1 MB free.' }];
    state.nowMs += 1000;
    const answer = await fetch(`${url}/readyz`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toMatchObject({
      status: 503,
      detail: 'Not ready: The disk is short. The log says why.',
      errors: [{ path: 'disk', message: 'The disk is short.' }],
    });
  });

  test('/readyz looks at the disk at most once a second, however often it is asked and wherever the clock goes', async () => {
    state.nowMs += 5000;
    asked = 0;
    for (const stepMs of [0, 100, 400, 499]) {
      state.nowMs += stepMs;
      await fetch(`${url}/readyz`);
    }
    expect(asked).toBe(1);
    state.nowMs -= 3_600_000;
    await fetch(`${url}/readyz`);
    expect(asked).toBe(2);
  });

  test('/metrics answers the text of Prometheus to a token, and 401 without one', async () => {
    const refused = await fetch(`${url}/metrics`);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="throughline"']);
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer tl_good' } });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('throughline_workers 2\n');
  });
});
