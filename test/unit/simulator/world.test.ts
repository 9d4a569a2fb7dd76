import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { directCampaigns, entrances } from '../../simulator/campaigns.ts';
import type { Hit, Visit } from '../../simulator/model.ts';
import { moscowDate, moscowText } from '../../simulator/moscow.ts';
import { at } from '../../simulator/random.ts';
import { scenarioNames } from '../../simulator/scenario-names.ts';
import { createWorld, type World } from '../../simulator/world.ts';

const endDate = '2026-01-20';
const small = { seed: 7, days: 21, endDate, scale: 'test' } as const;
const smallWorld = createWorld(small);

function digest(world: World): string {
  const hash = createHash('sha256');
  for (const phase of world.phases) {
    for (const map of Object.values(world.state(phase))) {
      hash.update(JSON.stringify([...map], (_, value) => (typeof value === 'bigint' ? `${value}n` : value)));
    }
  }
  return hash.digest('hex');
}

/** Everything in a world that names a scenario, of any phase. */
function named(world: World): Set<string> {
  const { visits, requests, deals, payments, costs } = world.state('initial');
  const records = [visits, requests, deals, payments, costs].flatMap((map): { scenario?: string }[] => [
    ...map.values(),
  ]);
  const later = world.changes.flatMap((change): { scenario?: string }[] => {
    if (change.kind === 'cost-vanished') return [{ scenario: 'spend-vanished' }];
    if (change.kind === 'campaign-renamed') return [{ scenario: 'campaign-renamed' }];
    return 'value' in change ? [change.value] : [];
  });
  return new Set([...records, ...later].flatMap((record) => record.scenario ?? []));
}

describe('a world', () => {
  it('is the same to the byte for the same seed and another for another seed', () => {
    const usual = digest(smallWorld);
    expect(digest(createWorld(small))).toBe(usual);
    expect(digest(createWorld({ ...small, seed: 8 }))).not.toBe(usual);
  });

  it('holds every named scenario at the small scale', () => {
    expect([...named(smallWorld)].sort()).toEqual([...scenarioNames].sort());
  });

  it('holds every named scenario and the promised volume at the demo scale', () => {
    const world = createWorld({ seed: 1, days: 90, endDate });
    const state = world.state('initial');
    expect(state.visits.size).toBeGreaterThanOrEqual(20_000);
    expect(state.deals.size).toBeGreaterThanOrEqual(500);
    const campaigns = [...state.visits.values()].flatMap((visit) => visit.source.campaign ?? []);
    expect(new Set(campaigns).size).toBeGreaterThanOrEqual(8);
    expect([...named(world)].sort()).toEqual([...scenarioNames].sort());
  });

  it('has nothing after its end and nothing before its first day', () => {
    const nowMs = Date.parse('2026-01-20T06:00:00+03:00');
    const world = createWorld({ ...small, nowMs });
    const state = world.state('later');
    const instants = [
      ...[...state.visits.values()].flatMap((visit) => visit.hits.map((hit) => hit.at)),
      ...[...state.deals.values()].flatMap((deal) => [
        deal.createdAt,
        deal.modifiedAt,
        deal.closedAt ?? deal.createdAt,
      ]),
      ...[...state.payments.values()].map((payment) => payment.at),
    ];
    expect(Math.max(...instants)).toBeLessThanOrEqual(nowMs);
    expect(moscowDate(Math.min(...instants)) >= world.period.startDate).toBe(true);
  });

  it('says why every way into the shop is there', () => {
    for (const { key, scenario } of [...entrances, ...directCampaigns]) expect(scenario, key).not.toBe('');
  });

  it('changes what was changed before only in the last ten minutes, so that a pull by change finds it', () => {
    const tenMinutesAgo = smallWorld.period.nowMs - 600_000;
    for (const deal of smallWorld.state('initial').deals.values())
      expect(deal.modifiedAt).toBeLessThanOrEqual(tenMinutesAgo);
    const edited = smallWorld.changes.flatMap((change) => (change.kind === 'deal' ? [change.value] : []));
    expect(edited.length).toBeGreaterThan(0);
    for (const deal of edited) expect(deal.modifiedAt).toBeGreaterThan(tenMinutesAgo);
  });
});

const returnHosts = ['yookassa.ru', 'securepayments.sberbank.ru'];
const isOwn = (host: string): boolean => host === 'shop.example' || host.endsWith('.shop.example');

/** What a page view says of its source: the marks, else the host that it came from; empty when it says nothing. */
function signature(hit: Hit): string {
  const host = hit.referrer === '' ? '' : new URL(hit.referrer).hostname;
  if (isOwn(host) || returnHosts.includes(host)) return '';
  const marks = [...new URL(hit.url).searchParams].filter(([name]) => /^utm_|clid$|clickid$/i.test(name));
  return marks.length > 0 ? JSON.stringify(marks) : host;
}

/** Visits of one browser by the rules of the project, counted anew from its bare hits. */
function countVisits(hits: readonly Hit[]): number {
  let count = 0;
  let previous: Hit | undefined;
  let source = '';
  for (const hit of hits) {
    const found = hit.type === 'pageview' ? signature(hit) : '';
    const silenceMs = previous ? hit.at - previous.at : Number.POSITIVE_INFINITY;
    const host = hit.referrer === '' ? '' : new URL(hit.referrer).hostname;
    const isReturn = returnHosts.includes(host) && silenceMs < 86_400_000;
    const isNew = (silenceMs >= 30 * 60_000 && !isReturn) || (found !== '' && found !== source);
    if (isNew) {
      count++;
      source = found;
    }
    previous = hit;
  }
  return count;
}

describe('visits', () => {
  it('are exactly those that the rules make of the bare hits of each browser', () => {
    const byVisitor = new Map<string, Visit[]>();
    for (const visit of smallWorld.state('later').visits.values()) {
      byVisitor.set(visit.device.visitorId, [...(byVisitor.get(visit.device.visitorId) ?? []), visit]);
    }
    for (const [visitorId, visits] of byVisitor) {
      const hits = visits.flatMap((visit) => visit.hits).sort((a, b) => a.at - b.at);
      expect(countVisits(hits), visitorId).toBe(visits.length);
    }
  });

  it('of the scenario of midnight stand on both sides of it', () => {
    const state = smallWorld.state('initial');
    const visit = at(
      [...state.visits.values()].filter((one) => one.scenario === 'midnight-order'),
      0,
    );
    const deal = at(
      [...state.deals.values()].filter((one) => one.scenario === 'midnight-order'),
      0,
    );
    expect(moscowText(visit.startedAt).slice(11)).toBe('23:58:00');
    expect(moscowText(deal.createdAt).slice(11, 16)).toBe('00:03');
    const early = at(
      [...state.visits.values()].filter((one) => one.scenario === 'after-midnight-visit'),
      0,
    );
    expect(new Date(early.startedAt).toISOString().slice(11, 16)).toBe('21:01');
  });
});

describe('money', () => {
  it('of one order comes by one of the two ways of 1C, never by both', () => {
    const state = smallWorld.state('later');
    const routes = new Map<string, Set<string>>();
    for (const payment of state.payments.values()) {
      if (payment.orderId === '') continue;
      routes.set(payment.orderId, (routes.get(payment.orderId) ?? new Set()).add(payment.route));
    }
    for (const [orderId, ways] of routes) expect(ways.size, orderId).toBe(1);
    expect(new Set([...routes.values()].flatMap((ways) => [...ways]))).toEqual(new Set(['odata', 'exchange']));
  });
});
