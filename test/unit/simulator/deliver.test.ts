import { beforeAll, describe, expect, it } from 'vitest';
import { collectRequests, type WireEvent } from '../../simulator/browser-payloads.ts';
import { type Delivered, deliver, toCostRow } from '../../simulator/deliver.ts';
import { dayMs } from '../../simulator/moscow.ts';
import { at } from '../../simulator/random.ts';
import { json, type Request, startServer } from '../../simulator/stand-ins/http-server.ts';
import { createWorld } from '../../simulator/world.ts';

const newWorld = () => createWorld({ seed: 5, days: 21, endDate: '2026-01-12', scale: 'test' });

interface Taken {
  readonly collected: { readonly userAgent: string; readonly visitor: string; readonly events: WireEvent[] }[];
  readonly ingested: Record<string, unknown>[];
  readonly costs: Record<string, unknown>[];
}

/** A collector that takes everything, and is busy once. */
async function startCollector() {
  const taken: Taken = { collected: [], ingested: [], costs: [] };
  let isBusy = true;
  const server = await startServer(({ url, headers, body }: Request) => {
    if (url.pathname === '/collect') {
      if (isBusy) {
        isBusy = false;
        return { status: 503, headers: { 'retry-after': '0' }, body: '' };
      }
      const batch = JSON.parse(body.toString()) as { visitor: string; events: WireEvent[] };
      taken.collected.push({ ...batch, userAgent: headers['user-agent'] ?? '' });
      const { visit } = at(batch.events, -1);
      return json(200, { visitor: batch.visitor, visit, visit_code: `code of ${visit}` });
    }
    if (headers.authorization !== 'Bearer tl_token') return json(401, {});
    const rows = body
      .toString()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    (url.pathname.endsWith('/costs') ? taken.costs : taken.ingested).push(...rows);
    return json(200, {});
  });
  return { ...server, taken };
}

describe('delivery', () => {
  const world = newWorld();
  let taken: Taken;
  let delivered: Delivered;

  beforeAll(async () => {
    const collector = await startCollector();
    taken = collector.taken;
    delivered = await deliver(world, { baseUrl: collector.url, ingestToken: 'tl_token' });
    await collector.stop();
  });

  it('sends what is younger than seven days as browsers do and the rest as history, all of it', () => {
    const hits = [...world.state('initial').visits.values()].flatMap((visit) => visit.hits.map((hit) => hit.id));
    const ids = [
      ...taken.collected.flatMap((batch) => batch.events.map((event) => event.id)),
      ...taken.ingested.map((row) => row.id),
    ];
    expect(new Set(ids)).toEqual(new Set(hits));
    expect(delivered.collected + delivered.ingested).toBe(world.state('initial').visits.size);
    const oldest = Math.min(...taken.collected.flatMap((batch) => batch.events.map((event) => event.ts)));
    expect(oldest).toBeGreaterThan(world.period.nowMs - 7 * dayMs);
    expect(taken.collected.some((batch) => batch.userAgent.includes('bot'))).toBe(true);
    expect(taken.ingested.every((row) => typeof row.user_agent === 'string' && row.site === 'demo')).toBe(true);
    expect(taken.costs).toHaveLength(delivered.costs);
  });

  it('delivers the batches of that scenario twice, under the same ids', () => {
    const twice = [...world.state('initial').visits.values()].filter(
      (visit) => visit.scenario === 'duplicate-delivery',
    );
    const ids = [
      ...taken.collected.flatMap((batch) => batch.events.map((event) => event.id)),
      ...taken.ingested.map((row) => row.id),
    ];
    expect(twice).toHaveLength(2);
    for (const hit of twice.flatMap((visit) => visit.hits)) expect(ids.filter((id) => id === hit.id)).toHaveLength(2);
  });

  it('keeps the code that the collector gave to the visit of a deal', () => {
    const deal = [...world.state('initial').deals.values()].find((one) => one.scenario === 'code-with-spaces');
    const visitId = deal?.keys.codeOfVisit ?? '';
    expect(world.codes.get(visitId)).toBe(`code of ${visitId}`);
  });

  it('sends in the later phase only the visit that was held back', async () => {
    const collector = await startCollector();
    const later = await deliver(newWorld(), { baseUrl: collector.url, ingestToken: 'tl_token', phase: 'later' });
    await collector.stop();
    expect(later).toMatchObject({ collected: 1, ingested: 0, costs: 0 });
    expect(collector.taken.collected).toHaveLength(1);
  });
});

describe('payloads', () => {
  const state = newWorld().state('initial');

  it('fit the limits of the collector and belong to one visitor each', () => {
    for (const visit of state.visits.values()) {
      for (const { body } of collectRequests(visit)) {
        expect(body.events.length).toBeLessThanOrEqual(100);
        expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(64 * 1024);
      }
    }
  });

  it('show that the tracker began a new visit while the buyer was at the bank', () => {
    const visit = [...state.visits.values()].find((one) => one.scenario === 'payment-return');
    const requests = visit ? collectRequests(visit) : [];
    expect(requests).toHaveLength(2);
    expect(at(at(requests, 1).body.events, 0).referrer).toContain('yookassa.ru');
  });

  it('tell a cost written by hand in roubles with its VAT', () => {
    const row = [...state.costs.values()].find((one) => one.vat === 'excluded');
    expect(row && toCostRow(row)).toMatchObject({
      cost: '1500.33',
      vat: 'excluded',
      utm_source: 'unisender',
      kind: 'fee',
    });
  });
});
