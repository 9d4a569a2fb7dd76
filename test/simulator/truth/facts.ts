import type { Deal, Payment, Request, State, Visit } from '../model.ts';
import { at } from '../random.ts';

/** A deal with everything that follows from its money and its request. */
export interface DealFact {
  readonly deal: Deal;
  readonly movements: readonly Payment[];
  readonly formId: string | null;
  readonly conversionAt: number;
  readonly firstPaidAt: number | null;
  readonly isSale: boolean;
  /** 1 for the first sale of the person; 0 when the deal is no sale. */
  saleNumber: number;
}

export interface LeadFact {
  readonly at: number;
  readonly formId: string | null;
  readonly personId: string;
  /** The first deal that came of it. */
  readonly deal: DealFact | null;
}

export interface Facts {
  readonly state: State;
  readonly visitsByPerson: ReadonlyMap<string, readonly Visit[]>;
  readonly deals: readonly DealFact[];
  readonly leads: readonly LeadFact[];
  readonly salesByPerson: ReadonlyMap<string, readonly DealFact[]>;
  readonly dealsByPerson: ReadonlyMap<string, readonly DealFact[]>;
  /** Money that names no order anybody knows. */
  readonly strayPayments: readonly Payment[];
}

/** What is true of a state, apart from any question. */
export function factsOf(state: State): Facts {
  const valid = [...state.payments.values()].filter((payment) => payment.isPosted && !payment.isDeleted);
  const byOrder = groupBy(valid, (payment) => payment.orderId);
  const deals = [...state.deals.values()].map((deal) => dealFact(deal, byOrder.get(deal.orderId) ?? [], state));
  const orders = new Set(deals.map((fact) => fact.deal.orderId));
  const humans = [...state.visits.values()].filter((visit) => !visit.isBot);
  const visitsByPerson = groupBy(humans, (visit) => visit.personId);
  for (const visits of visitsByPerson.values()) visits.sort((a, b) => a.startedAt - b.startedAt);
  return {
    state,
    visitsByPerson,
    deals,
    leads: leadsOf(state, deals),
    salesByPerson: numberSales(deals),
    dealsByPerson: groupBy(deals, (fact) => fact.deal.personId),
    strayPayments: valid.filter((payment) => !orders.has(payment.orderId)),
  };
}

function dealFact(deal: Deal, payments: readonly Payment[], state: State): DealFact {
  const movements = [...payments].sort((a, b) => a.at - b.at);
  const request = deal.requestId === null ? undefined : requestOf(state, deal.requestId);
  const incoming = movements.find((payment) => payment.amount > 0n);
  return {
    deal,
    movements,
    formId: request?.formId ?? null,
    conversionAt: request?.at ?? deal.createdAt,
    firstPaidAt: incoming?.at ?? null,
    isSale: movements.reduce((sum, payment) => sum + payment.amount, 0n) > 0n,
    saleNumber: 0,
  };
}

function requestOf(state: State, id: string): Request {
  const request = state.requests.get(id);
  if (!request) throw new Error(`the deal names a request that is not there: ${id}`);
  return request;
}

/** Every request, and every deal that no request precedes. */
function leadsOf(state: State, deals: readonly DealFact[]): LeadFact[] {
  const own = deals.filter((fact) => fact.deal.requestId === null);
  const inOrder = [...deals].sort((a, b) => a.deal.createdAt - b.deal.createdAt);
  const dealOf = (request: Request): DealFact | null =>
    inOrder.find((fact) => fact.deal.requestId === request.id) ?? null;
  return [
    ...[...state.requests.values()].map((request) => ({ ...request, deal: dealOf(request) })),
    ...own.map((fact) => ({ at: fact.conversionAt, formId: null, personId: fact.deal.personId, deal: fact })),
  ];
}

function numberSales(deals: readonly DealFact[]): Map<string, DealFact[]> {
  const sales = groupBy(
    deals.filter((fact) => fact.isSale),
    (fact) => fact.deal.personId,
  );
  for (const facts of sales.values()) {
    facts.sort((a, b) => Number(a.firstPaidAt) - Number(b.firstPaidAt));
    for (const [index, fact] of facts.entries()) fact.saleNumber = index + 1;
  }
  return sales;
}

export const firstSaleOf = (facts: Facts, personId: string): DealFact => at(facts.salesByPerson.get(personId) ?? [], 0);

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}
