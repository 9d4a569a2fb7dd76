import { Builder, type Period } from './builder.ts';
import { directCampaigns } from './campaigns.ts';
import { addCrowd } from './crowd.ts';
import type { Change, Deal, Person, Request, State } from './model.ts';
import { dayMs, minuteMs, moscowInstant, shiftDate } from './moscow.ts';
import { addMoneyScenarios } from './scenarios/money.ts';
import { addRequestScenarios } from './scenarios/requests.ts';
import { addVisitScenarios } from './scenarios/visits.ts';
import { addSpend } from './spend.ts';

export const phases = ['initial', 'later'] as const;
export type Phase = (typeof phases)[number];

export interface WorldOptions {
  readonly seed: string | number;
  readonly days: number;
  /** Last day, `YYYY-MM-DD` in Moscow. */
  readonly endDate: string;
  /** `demo`: some 235 visits a day; `test`: some 72. Deals: some 6 a day in both. */
  readonly scale?: 'demo' | 'test';
  /** Nothing happens after this; default: the last millisecond of `endDate`. */
  readonly nowMs?: number;
}

export interface World {
  readonly seed: string | number;
  readonly period: Period;
  readonly phases: readonly Phase[];
  /** What all systems hold in a phase, with everything that real browsers have done so far. */
  state(phase: Phase): State;
  readonly changes: readonly Change[];
  /** Visit code by the tracker's visit id, as the collector returned it. */
  readonly codes: Map<string, string>;
  /** What was performed by real browsers; written by the shop server while they run. */
  readonly live: LiveRecords;
}

export interface LiveRecords {
  readonly people: Map<string, Person>;
  readonly changes: Change[];
  readonly requests: Request[];
}

/** Fewest days in which all scenarios fit. */
export const shortestDays = 21;

const perDay = { demo: { visits: 235, deals: 6.4 }, test: { visits: 72, deals: 5 } } as const;

/** Invents a shop: the same options give the same world to the byte. */
export function createWorld(options: WorldOptions): World {
  if (options.days < shortestDays) throw new Error(`a world needs at least ${shortestDays} days`);
  const period = periodOf(options);
  const scenarios = new Builder(options.seed, 'scenarios', period);
  addMoneyScenarios(scenarios);
  addRequestScenarios(scenarios);
  addVisitScenarios(scenarios);
  const spend = new Builder(options.seed, 'spend', period);
  addSpend(spend);
  const crowd = new Builder(options.seed, 'crowd', period, 1000);
  const rates = perDay[options.scale ?? 'demo'];
  addCrowd(crowd, { visits: Math.ceil(rates.visits * options.days), deals: Math.ceil(rates.deals * options.days) });
  return assemble(options, period, [scenarios, spend, crowd]);
}

function periodOf(options: WorldOptions): Period {
  const endMs = moscowInstant(options.endDate) + dayMs - 1;
  const nowMs = options.nowMs ?? endMs;
  return {
    startDate: shiftDate(options.endDate, 1 - options.days),
    endDate: options.endDate,
    days: options.days,
    nowMs,
    lastMs: Math.min(nowMs, endMs) - 20 * minuteMs,
  };
}

function assemble(options: WorldOptions, period: Period, builders: readonly Builder[]): World {
  const initial = {
    people: new Map(builders.flatMap((builder) => [...builder.people])),
    visits: byKey(
      builders.flatMap((builder) => builder.visits),
      (visit) => visit.id,
    ),
    requests: byKey(
      builders.flatMap((builder) => builder.requests),
      (request) => request.id,
    ),
    crmLeads: byKey(
      builders.flatMap((builder) => builder.crmLeads),
      (lead) => lead.id,
    ),
    deals: byKey(
      builders.flatMap((builder) => builder.deals),
      dealKey,
    ),
    payments: byKey(
      builders.flatMap((builder) => builder.payments),
      (payment) => payment.id,
    ),
    costs: byKey(
      builders.flatMap((builder) => builder.costs),
      (row) => row.id,
    ),
    campaignNames: new Map(directCampaigns.map((campaign) => [campaign.id, campaign.name])),
  };
  const changes = builders.flatMap((builder) => builder.later);
  const live: LiveRecords = { people: new Map(), changes: [], requests: [] };
  return {
    seed: options.seed,
    period,
    phases,
    changes,
    codes: new Map(),
    live,
    state: (phase) => stateOf(initial, phase === 'later' ? changes : [], live),
  };
}

function stateOf(initial: State, changes: readonly Change[], live: LiveRecords): State {
  const state = {
    people: new Map([...initial.people, ...live.people]),
    visits: new Map(initial.visits),
    requests: new Map([...initial.requests, ...byKey(live.requests, (request) => request.id)]),
    crmLeads: initial.crmLeads,
    deals: new Map(initial.deals),
    payments: new Map(initial.payments),
    costs: new Map(initial.costs),
    campaignNames: new Map(initial.campaignNames),
  };
  for (const change of [...changes, ...live.changes]) apply(state, change);
  return state;
}

type Mutable<S> = { -readonly [K in keyof S]: S[K] extends ReadonlyMap<infer A, infer B> ? Map<A, B> : S[K] };

function apply(state: Omit<Mutable<State>, 'crmLeads' | 'requests' | 'people'>, change: Change): void {
  switch (change.kind) {
    case 'visit':
      state.visits.set(change.value.id, change.value);
      break;
    case 'deal':
      state.deals.set(dealKey(change.value), change.value);
      break;
    case 'deal-deleted':
      state.deals.delete(`crm:${change.id}`);
      break;
    case 'payment':
      state.payments.set(change.value.id, change.value);
      break;
    case 'cost':
      state.costs.set(change.value.id, change.value);
      break;
    case 'cost-vanished':
      state.costs.delete(change.id);
      break;
    case 'campaign-renamed':
      state.campaignNames.set(change.campaignId, change.name);
      break;
  }
}

/** `<home>:<id>`, the key of a deal in every state. */
export const dealKey = (deal: Deal): string => `${deal.home}:${deal.id}`;

const byKey = <K, V>(values: readonly V[], key: (value: V) => K): Map<K, V> =>
  new Map(values.map((value) => [key(value), value]));
