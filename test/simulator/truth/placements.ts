import type { Visit } from '../model.ts';
import { dealKey } from '../world.ts';
import { type CreditQuestion, creditPath, type Path, split } from './credit.ts';
import { costValues, type Dimension, dealValues, leadValues, noVisit, type Values, visitValues } from './dimensions.ts';
import { type DealFact, type Facts, firstSaleOf } from './facts.ts';
import { type DayNumber, dayOf } from './local-day.ts';
import { spreadByDay } from './spread.ts';
import { type Addition, one, type Sums } from './sums.ts';
import { grossOf } from './vat.ts';

export const dateBases = ['touch', 'lead', 'deal', 'payment'] as const;
export type DateBasis = (typeof dateBases)[number];

export interface PlacementQuestion extends CreditQuestion {
  readonly basis: DateBasis;
  readonly horizonDays: number;
  readonly nowMs: number;
}

/** Puts what a fact adds on a day under the values of its dimensions. */
export type Place = (day: DayNumber, values: Values, addition: Addition) => void;

/** Places every fact of a state where a question wants it. */
export function placeAll(facts: Facts, question: PlacementQuestion, place: Place): void {
  placeVisits(facts, question, place);
  placeCosts(facts, place);
  placeLeads(facts, question, place);
  for (const fact of facts.deals) if (fact.deal.group !== 'excluded') placeDeal(facts, fact, question, place);
  for (const payment of facts.strayPayments) {
    place(dayOf(payment.at, question.timezone), noVisit, { sums: movementSums(payment.amount) });
  }
}

function placeVisits(facts: Facts, question: PlacementQuestion, place: Place): void {
  for (const visits of facts.visitsByPerson.values()) {
    for (const visit of visits) {
      const pageviews = BigInt(visit.hits.filter((hit) => hit.type === 'pageview').length);
      place(dayOf(visit.startedAt, question.timezone), visitValues(visit, facts.state), {
        sums: { visits: 1n, pageviews },
        visitor: visit.device.visitorId,
      });
    }
  }
}

function placeCosts(facts: Facts, place: Place): void {
  for (const row of facts.state.costs.values()) {
    for (const { day, cost, impressions, clicks } of spreadByDay(row)) {
      const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
      const adCost = row.kind === 'other' ? 0n : grossOf(cost, row.vat, date);
      place(day, costValues(row, facts.state), { sums: { adCost, impressions, clicks } });
    }
  }
}

interface Slice {
  readonly visit: Visit | null;
  /** Parts of the given amounts that fall to this touch, in their order. */
  readonly parts: readonly bigint[];
}

/** Splits amounts along a path; without touches all of it goes to «No visit». Touches that get nothing are left out. */
function slices(path: Path, amounts: readonly bigint[]): Slice[] {
  if (path.touches.length === 0) return [{ visit: null, parts: amounts }];
  const columns = amounts.map((amount) => split(amount, path));
  return path.touches
    .map((touch, index) => ({ visit: touch.visit, parts: columns.map((column) => column[index] ?? 0n) }))
    .filter((slice) => slice.parts.some((part) => part !== 0n));
}

const pathOf = (facts: Facts, personId: string, at: number, question: PlacementQuestion): Path =>
  creditPath(facts.visitsByPerson.get(personId) ?? [], at, question);

const valuesOf = (slice: Slice, facts: Facts, own: Values): Values => ({
  ...own,
  ...(slice.visit ? visitValues(slice.visit, facts.state) : noVisit),
});

function placeLeads(facts: Facts, question: PlacementQuestion, place: Place): void {
  for (const lead of facts.leads) {
    for (const slice of slices(pathOf(facts, lead.personId, lead.at, question), [one])) {
      const at = question.basis === 'touch' ? (slice.visit?.startedAt ?? lead.at) : lead.at;
      const [leads = 0n] = slice.parts;
      place(dayOf(at, question.timezone), valuesOf(slice, facts, leadValues(lead)), { sums: { leads } });
    }
  }
}

/** Instant that puts the deal itself into a period; null: in none. */
function dealInstant(fact: DealFact, slice: Slice, basis: DateBasis): number | null {
  switch (basis) {
    case 'touch':
      return slice.visit?.startedAt ?? fact.conversionAt;
    case 'lead':
      return fact.conversionAt;
    case 'deal':
      return fact.deal.createdAt;
    case 'payment':
      return fact.firstPaidAt;
  }
}

function placeDeal(facts: Facts, fact: DealFact, question: PlacementQuestion, place: Place): void {
  const path = pathOf(facts, fact.deal.personId, fact.conversionAt, question);
  const own = dealValues(fact);
  placeMovements(facts, fact, path, question, place);
  const { deal } = fact;
  const counted = [
    one,
    deal.group === 'won' ? deal.amount : 0n,
    fact.isSale ? (deal.cogs ?? 0n) : 0n,
    fact.isSale ? (deal.delivery ?? 0n) : 0n,
  ];
  for (const slice of slices(path, counted)) {
    const at = dealInstant(fact, slice, question.basis);
    if (at === null) continue;
    const [deals = 0n, dealAmount = 0n, cogs = 0n, delivery = 0n] = slice.parts;
    const sums = { deals, dealAmount, cogs, delivery, ...(fact.isSale ? saleSums(fact, deals) : {}) };
    const sale = fact.isSale && deals > 0n ? { sale: { personId: deal.personId, dealKey: dealKey(deal) } } : {};
    place(dayOf(at, question.timezone), valuesOf(slice, facts, own), { sums, ...sale });
  }
  if (fact.saleNumber === 1) placeLifetime(facts, fact, path, question, place);
}

function saleSums(fact: DealFact, credit: bigint): Partial<Sums> {
  const cycleMs = BigInt((fact.firstPaidAt ?? fact.conversionAt) - fact.conversionAt);
  return { sales: credit, newClients: fact.saleNumber === 1 ? credit : 0n, cycle: credit * cycleMs };
}

const movementSums = (amount: bigint): Partial<Sums> => (amount > 0n ? { paid: amount } : { refunded: -amount });

function placeMovements(facts: Facts, fact: DealFact, path: Path, question: PlacementQuestion, place: Place): void {
  for (const payment of fact.movements) {
    for (const slice of slices(path, [payment.amount])) {
      const at = question.basis === 'payment' ? payment.at : dealInstant(fact, slice, question.basis);
      const [amount = 0n] = slice.parts;
      if (at === null) continue;
      place(dayOf(at, question.timezone), valuesOf(slice, facts, dealValues(fact)), { sums: movementSums(amount) });
    }
  }
}

/** What a person's sales brought until the horizon after the first of them goes where that one stands; an order given back whole is no sale. */
function placeLifetime(facts: Facts, first: DealFact, path: Path, question: PlacementQuestion, place: Place): void {
  const endAt = Number(first.firstPaidAt) + question.horizonDays * 86_400_000;
  const isInside = (at: number | null): boolean => at !== null && at <= endAt;
  const sales = (facts.dealsByPerson.get(first.deal.personId) ?? []).filter((fact) => fact.isSale);
  const income = sales.flatMap((fact) =>
    fact.movements.filter((payment) => isInside(payment.at)).map((payment) => payment.amount),
  );
  const costs = sales
    .filter((fact) => isInside(fact.firstPaidAt))
    .flatMap((fact) => [fact.deal.cogs ?? 0n, fact.deal.delivery ?? 0n]);
  for (const slice of slices(path, [one, ...income, ...costs])) {
    const at = dealInstant(first, slice, question.basis);
    if (at === null) continue;
    const sum = (parts: readonly bigint[]): bigint => parts.reduce((total, part) => total + part, 0n);
    place(dayOf(at, question.timezone), valuesOf(slice, facts, dealValues(firstSaleOf(facts, first.deal.personId))), {
      sums: {
        ltvRevenue: sum(slice.parts.slice(1, 1 + income.length)),
        ltvCosts: sum(slice.parts.slice(1 + income.length)),
      },
      isImmature: endAt > question.nowMs,
    });
  }
}

export type { Dimension };
