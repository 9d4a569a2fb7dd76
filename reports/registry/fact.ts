import type { RawBuilder } from 'kysely';

/** A fragment of SQL; outside values inside it are typed parameters. */
export type Sql = RawBuilder<unknown>;

/**
 * What a report adds up. `visits`, `costs` and `anonymous` (what people did who refused) stand by themselves; the others are credited to the touches of a path. `cohort` is the
 * money that the persons of a first sale brought within the horizon.
 *
 * Names of the tables in the SQL of the registry: `v` visits, `a` events of people who refused, `c` costs, `l` leads, `d` the deal (of the request, of the
 * payment, the first sale of the cohort), `p` payments, `h` the money of the cohort.
 */
export const facts = ['visits', 'anonymous', 'costs', 'leads', 'deals', 'payments', 'cohort'] as const;

export type Fact = (typeof facts)[number];

const standingAlone = ['visits', 'anonymous', 'costs'] as const;

export type CreditedFact = Exclude<Fact, (typeof standingAlone)[number]>;

export const isCredited = (fact: Fact): fact is CreditedFact => !standingAlone.some((alone) => alone === fact);

/** Where revenue comes from: documents of an accounting system, or amounts of won deals. */
export type MoneySource = 'payments' | 'deals';

export type DateBasis = 'touch' | 'lead' | 'deal' | 'payment';

/** What the SQL of a sum may depend on. */
export interface SumContext {
  readonly moneySource: MoneySource;
  readonly vat: 'gross' | 'net';
  readonly horizonDays: number;
  readonly now: Date;
}
