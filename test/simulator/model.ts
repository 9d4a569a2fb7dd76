import type { ScenarioName } from './scenario-names.ts';

/** Kopecks. Money of the simulated shop never is anything else. */
export type Kopecks = bigint;

export type DeviceKind = 'desktop' | 'mobile' | 'tablet';

/** Where a visit came from, decided before its address was written. Null: not known to anybody. */
export interface TrueSource {
  readonly channel: string;
  readonly source: string;
  readonly medium: string;
  readonly platform: string | null;
  /** The mark in the address; for a platform's campaign its number. */
  readonly campaign: string | null;
  readonly campaignId: string | null;
  readonly adId: string | null;
  readonly keyword: string | null;
}

export interface Device {
  readonly visitorId: string;
  readonly kind: DeviceKind;
  readonly userAgent: string;
}

export interface Person {
  readonly id: string;
  readonly devices: Device[];
  readonly name: string;
  /** E.164; empty when the shop never learns it. */
  readonly phone: string;
  readonly email: string;
  /** Number of the contact card in the CRM; undefined when there is none. */
  contactId?: number;
}

export interface Item {
  readonly productId: string;
  readonly name: string;
  readonly price: Kopecks;
  readonly quantity: number;
  readonly cogs: Kopecks;
}

export interface UserKeys {
  readonly phone?: string;
  readonly email?: string;
}

export interface Hit {
  readonly id: string;
  readonly type: 'pageview' | 'product_view' | 'add_to_cart' | 'checkout' | 'form_submit' | 'purchase' | 'identify';
  readonly at: number;
  /** The visit as the tracker sees it: after a long stay at the bank it has begun a new one. */
  readonly trackerVisit: string;
  readonly url: string;
  readonly referrer: string;
  readonly title: string;
  readonly form?: { readonly id: string; readonly name: string; readonly page: string };
  readonly order?: { readonly id: string; readonly amount: Kopecks };
  readonly items?: readonly Item[];
  readonly user?: UserKeys;
}

export interface Visit {
  /** Visit id of the tracker at its start. */
  readonly id: string;
  readonly personId: string;
  readonly device: Device;
  readonly startedAt: number;
  readonly source: TrueSource;
  readonly hits: Hit[];
  readonly landingPath: string;
  readonly isBot: boolean;
  /** How many times the network delivers its batch. */
  deliveries: number;
  scenario?: ScenarioName;
}

/** One request that counts. A repeat of it is only a hit. */
export interface Request {
  readonly id: string;
  readonly kind: 'form' | 'cart' | 'crm';
  readonly at: number;
  readonly formId: string | null;
  readonly personId: string;
  readonly scenario?: ScenarioName;
}

export type StatusGroup = 'open' | 'won' | 'lost' | 'excluded';
export type OneCRoute = 'odata' | 'exchange';

/** What the site or the manager wrote into the deal: the only ways from it to a visit. */
export interface DealKeys {
  readonly visit?: string;
  readonly visitor?: string;
  /** Visit whose code the collector gives; the code is known only after delivery. */
  readonly codeOfVisit?: string;
  readonly codeSpaced?: boolean;
  /** Code that a real browser put into the form. */
  readonly code?: string;
  readonly phone?: string;
  readonly email?: string;
}

export interface Deal {
  /** Number in the CRM, or guid / number of the order in 1C when the CRM does not know it. */
  readonly id: string;
  readonly home: 'crm' | OneCRoute;
  /** 1C system that knows the same order; null when none. */
  readonly oneC: OneCRoute | null;
  readonly orderId: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly closedAt: number | null;
  readonly amount: Kopecks;
  readonly group: StatusGroup;
  readonly stage: string;
  readonly pipeline: number;
  readonly managerId: number;
  readonly lossReason: string;
  readonly personId: string;
  /** Request that it came of; null: it is its own request. */
  readonly requestId: string | null;
  readonly keys: DealKeys;
  readonly crmLeadId: number | null;
  readonly cogs: Kopecks | null;
  readonly delivery: Kopecks | null;
  readonly items: readonly Item[];
  readonly scenario?: ScenarioName;
}

export interface Payment {
  readonly id: string;
  /** Guid of the document; two lines of one document share it. */
  readonly documentId: string;
  readonly line: number;
  readonly number: string;
  readonly route: OneCRoute;
  readonly kind: 'bank' | 'card' | 'cash';
  /** Empty: the document names no order. */
  readonly orderId: string;
  readonly at: number;
  /** Negative: a refund. */
  readonly amount: Kopecks;
  readonly isPosted: boolean;
  readonly isDeleted: boolean;
  readonly scenario?: ScenarioName;
}

export interface CostRow {
  readonly id: string;
  readonly route: 'direct' | 'ingest';
  readonly date: string;
  readonly toDate: string;
  readonly platform: string | null;
  readonly channel: string;
  readonly source: string;
  readonly medium: string;
  readonly campaignId: string | null;
  readonly campaign: string;
  readonly adGroupId: string | null;
  readonly adId: string | null;
  /** As the row says it: with VAT when `vat` is included, else without. */
  readonly cost: Kopecks;
  readonly vat: 'included' | 'excluded' | 'none';
  readonly kind: 'media' | 'fee' | 'other';
  readonly impressions: number;
  readonly clicks: number;
  readonly scenario?: ScenarioName;
}

/** A record that the CRM makes of a request, later a deal: of a call that nobody else knows of, or of a form of the site, which it repeats. */
export interface CrmLead {
  readonly id: number;
  readonly requestId: string;
  readonly createdAt: number;
  readonly personId: string;
  readonly isConverted: boolean;
}

export type Change =
  | { readonly kind: 'visit'; readonly value: Visit }
  | { readonly kind: 'deal'; readonly value: Deal }
  | { readonly kind: 'deal-deleted'; readonly id: string }
  | { readonly kind: 'payment'; readonly value: Payment }
  | { readonly kind: 'cost'; readonly value: CostRow }
  | { readonly kind: 'cost-vanished'; readonly id: string }
  | { readonly kind: 'campaign-renamed'; readonly campaignId: string; readonly name: string };

/** Everything that the systems around the shop hold at one moment. */
export interface State {
  readonly people: ReadonlyMap<string, Person>;
  readonly visits: ReadonlyMap<string, Visit>;
  readonly requests: ReadonlyMap<string, Request>;
  readonly crmLeads: ReadonlyMap<number, CrmLead>;
  readonly deals: ReadonlyMap<string, Deal>;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly costs: ReadonlyMap<string, CostRow>;
  readonly campaignNames: ReadonlyMap<string, string>;
}
