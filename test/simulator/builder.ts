import { type Arrival, entrance } from './campaigns.ts';
import { amountOf, cogsOf, managers, userAgents } from './catalogue.ts';
import { type Journey, type JourneyStart, startJourney } from './journey.ts';
import type {
  Change,
  CostRow,
  CrmLead,
  Deal,
  DealKeys,
  Device,
  Item,
  OneCRoute,
  Payment,
  Person,
  Request,
  StatusGroup,
  Visit,
} from './model.ts';
import { dayMs, minuteMs, moscowInstant, shiftDate, wholeSecond } from './moscow.ts';
import { createRandom, type Random } from './random.ts';
import type { ScenarioName } from './scenario-names.ts';

export interface Period {
  readonly startDate: string;
  readonly endDate: string;
  readonly days: number;
  readonly nowMs: number;
  /** Nothing of the generated world happens after this. */
  readonly lastMs: number;
}

export interface DealPlan {
  readonly person: Person;
  readonly at: number;
  readonly items: readonly Item[];
  readonly keys: DealKeys;
  readonly request: Request | null;
  readonly orderId: string;
  readonly group: StatusGroup;
  readonly home?: 'crm' | OneCRoute;
  readonly oneC?: OneCRoute | null | undefined;
  readonly closedAt?: number;
  readonly hasContact?: boolean;
  readonly hasCogs?: boolean;
  readonly crmLeadId?: number;
  readonly scenario?: ScenarioName;
}

export interface PaymentPlan {
  readonly at: number;
  readonly amount: bigint;
  readonly kind?: Payment['kind'];
  readonly scenario?: ScenarioName;
  readonly isPosted?: boolean;
  readonly isDeleted?: boolean;
}

/** Collects the records of a world while scenarios and the crowd write them. */
export class Builder {
  readonly random: Random;
  readonly period: Period;
  readonly people = new Map<string, Person>();
  readonly visits: Visit[] = [];
  readonly requests: Request[] = [];
  readonly crmLeads: CrmLead[] = [];
  readonly deals: Deal[] = [];
  readonly payments: Payment[] = [];
  readonly costs: CostRow[] = [];
  readonly later: Change[] = [];
  private orderNumber = 10230;
  private dealNumber = 1000;
  private contactNumber = 300;
  private leadNumber = 500;
  private documentNumber = 500;
  private phoneNumber = 0;

  constructor(seed: string | number, stream: string, period: Period, numbers = 0) {
    this.random = createRandom(seed, stream);
    this.period = period;
    this.orderNumber += numbers;
    this.dealNumber += numbers;
    this.contactNumber += numbers;
    this.leadNumber += numbers;
    this.documentNumber += numbers;
    this.phoneNumber += numbers;
  }

  /** Instant of a wall-clock time so many days before the last day of the world. */
  at(daysBefore: number, time: string): number {
    return moscowInstant(shiftDate(this.period.endDate, -daysBefore), time);
  }

  person(): Person {
    const number = this.phoneNumber++;
    const person: Person = {
      id: `p${number}`,
      devices: [],
      name: `Покупатель ${number}`,
      phone: `+7916${String(number).padStart(7, '0')}`,
      email: `buyer${number}@mail.example`,
    };
    this.people.set(person.id, person);
    return person;
  }

  device(person: Person, kind?: Device['kind']): Device {
    const choices = kind ? userAgents.filter(([agent]) => agent.kind === kind) : userAgents;
    const agent = this.random.weighted(choices);
    const device = { visitorId: this.random.uuid(), kind: agent.kind, userAgent: agent.text };
    person.devices.push(device);
    return device;
  }

  visit(start: Omit<JourneyStart, 'arrival'> & { arrival: string | Arrival; scenario?: ScenarioName }): Journey {
    const arrival = typeof start.arrival === 'string' ? entrance(start.arrival).arrive(this.random) : start.arrival;
    const journey = startJourney(this.random, { ...start, arrival });
    if (start.scenario) journey.visit.scenario = start.scenario;
    this.visits.push(journey.visit);
    return journey;
  }

  request(kind: Request['kind'], at: number, person: Person, formId: string | null, scenario?: ScenarioName): Request {
    const request: Request = {
      id: `r${this.requests.length}-${person.id}`,
      kind,
      at,
      formId,
      personId: person.id,
      ...(scenario ? { scenario } : {}),
    };
    this.requests.push(request);
    return request;
  }

  crmLead(
    person: Person,
    at: number,
    isConverted: boolean,
    scenario?: ScenarioName,
  ): { lead: CrmLead; request: Request } {
    const request = this.request('crm', wholeSecond(at), person, null, scenario);
    return { lead: this.crmLeadOf(request, person, at, isConverted), request };
  }

  /** The record that the CRM makes of a request which somebody else knows too: no request of its own. */
  crmLeadOf(request: Request, person: Person, at: number, isConverted: boolean): CrmLead {
    this.contact(person);
    const createdAt = wholeSecond(at);
    const lead = { id: this.leadNumber++, requestId: request.id, createdAt, personId: person.id, isConverted };
    this.crmLeads.push(lead);
    return lead;
  }

  nextOrder(): string {
    return `A-${this.orderNumber++}`;
  }

  contact(person: Person): void {
    person.contactId ??= this.contactNumber++;
  }

  deal(plan: DealPlan): Deal {
    const deal = this.makeDeal(plan);
    this.deals.push(deal);
    return deal;
  }

  private makeDeal(plan: DealPlan): Deal {
    const createdAt = wholeSecond(plan.at);
    const home = plan.home ?? 'crm';
    if (plan.hasContact !== false && home === 'crm') this.contact(plan.person);
    const number = this.dealNumber++;
    const pipeline = number % 9 === 0 && plan.group !== 'excluded' ? 2 : 0;
    const closedAt = plan.closedAt === undefined ? null : wholeSecond(plan.closedAt);
    return {
      id: dealId(home, plan.orderId, number, this.random),
      home,
      oneC: plan.oneC ?? null,
      orderId: plan.orderId,
      createdAt,
      modifiedAt: Math.min(closedAt ?? createdAt + 10 * minuteMs, wholeSecond(this.period.nowMs - 10 * minuteMs)),
      closedAt,
      amount: amountOf(plan.items),
      group: plan.group,
      stage: stageOf(plan.group, pipeline, number),
      pipeline,
      managerId: managers[number % managers.length]?.id ?? 11,
      lossReason: plan.group === 'lost' ? 'Дорого' : '',
      personId: plan.person.id,
      requestId: plan.request?.id ?? null,
      keys: plan.keys,
      crmLeadId: plan.crmLeadId ?? null,
      cogs: plan.hasCogs === false ? null : cogsOf(plan.items),
      delivery: plan.hasCogs === false ? null : 39000n,
      items: plan.items,
      ...(plan.scenario ? { scenario: plan.scenario } : {}),
    };
  }

  payment(deal: Deal, plan: PaymentPlan): Payment {
    const route = deal.oneC ?? (deal.home === 'crm' ? 'odata' : deal.home);
    return this.document({ orderId: deal.orderId, route, ...plan });
  }

  /** A payment document that is not yet in the books; the caller puts it there. */
  document(plan: PaymentPlan & { orderId: string; route: OneCRoute; documentId?: string; line?: number }): Payment {
    const id = this.random.uuid();
    return {
      id,
      documentId: plan.documentId ?? id,
      line: plan.line ?? 1,
      number: `ТД00-${String(this.documentNumber++).padStart(6, '0')}`,
      route: plan.route,
      kind:
        plan.kind ??
        this.random.weighted([
          ['bank', 3],
          ['card', 5],
          ['cash', 1],
        ]),
      orderId: plan.orderId,
      at: wholeSecond(plan.at),
      amount: plan.amount,
      isPosted: plan.isPosted ?? true,
      isDeleted: plan.isDeleted ?? false,
      ...(plan.scenario ? { scenario: plan.scenario } : {}),
    };
  }

  pay(deal: Deal, plan: PaymentPlan): Payment {
    const payment = this.payment(deal, plan);
    this.payments.push(payment);
    return payment;
  }

  payLater(deal: Deal, plan: PaymentPlan): Payment {
    const payment = this.payment(deal, plan);
    this.later.push({ kind: 'payment', value: payment });
    return payment;
  }

  /** Instant not after the end of the world. */
  notAfterEnd(ms: number): number {
    return Math.min(ms, this.period.lastMs);
  }

  /** How far back a scenario may go: never before the first day. */
  daysBack(wished: number): number {
    return Math.min(wished, this.period.days - 2);
  }

  get startMs(): number {
    return moscowInstant(this.period.startDate);
  }

  get span(): number {
    return this.period.days * dayMs;
  }
}

const stagesOfOpen = ['NEW', 'PREPARATION', 'PREPAYMENT_INVOICE', 'EXECUTING'] as const;

function stageOf(group: StatusGroup, pipeline: number, number: number): string {
  const prefix = pipeline === 0 ? '' : `C${pipeline}:`;
  const plain = {
    open: stagesOfOpen[number % stagesOfOpen.length] ?? 'NEW',
    won: 'WON',
    lost: 'LOSE',
    excluded: 'UC_SPAM',
  }[group];
  return prefix + plain;
}

function dealId(home: Deal['home'], orderId: string, number: number, random: Random): string {
  if (home === 'crm') return String(number);
  return home === 'odata' ? random.uuid() : orderId;
}
