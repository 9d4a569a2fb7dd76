import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';

/** Fewer won deals than one in so many without a payment wait for their money, as some always do. */
const leastShare = 10;

interface Told {
  readonly won: number;
  readonly unpaid: number;
  readonly given_back: number;
  readonly payments: number;
  readonly refunds: number;
}

/** Whether won deals and payments tell of the same money; where they do not, one source of money is the wrong one or lacks something. */
export async function checkMoneySource({
  warehouse,
  config,
}: Pick<Installation, 'warehouse' | 'config'>): Promise<Finding[]> {
  const [told] = await warehouse.query<Told>(
    `SELECT * FROM (
       SELECT toUInt32(count()) AS won, toUInt32(countIf(first_paid_at IS NULL)) AS unpaid, toUInt32(countIf(first_paid_at IS NOT NULL AND paid_net <= 0)) AS given_back
       FROM deals FINAL WHERE project = {project:String} AND is_deleted = 0 AND same_as = '' AND status_group = 'won'
     ) AS d, (
       SELECT toUInt32(count()) AS payments, toUInt32(countIf(amount_base < 0)) AS refunds
       FROM payments FINAL WHERE project = {project:String} AND is_deleted = 0
     ) AS p`,
    { project: config.project },
  );
  if (told === undefined) return [];
  const says = config.money_source === 'payments' ? unpaidWords(told) : refundedWords(told);
  return says === undefined ? [] : [{ what: 'money', says, isGood: true, isWarning: true }];
}

const toDeals = 'set money_source: deals in the configuration and run throughline rebuild';
const toPayments = 'set money_source: payments in the configuration and run throughline rebuild';

function unpaidWords({ won, unpaid, payments }: Told): string | undefined {
  if (won === 0 || unpaid * leastShare < won) return undefined;
  if (payments === 0)
    return `there are ${won} won deals and no payment, and revenue is taken from payments: connect 1C or import payments; or ${toDeals}`;
  return `${unpaid} of ${won} won deals have no payment, and revenue is taken from payments: what they brought is in no revenue. Import their payments, each with the id or order number of its deal; or ${toDeals}`;
}

function refundedWords({ given_back: givenBack, refunds }: Told): string | undefined {
  if (refunds === 0) return undefined;
  return `there are ${refunds} refunds, and revenue is taken from amounts of won deals: no refund takes anything off it, and ${givenBack} won deals whose payments were given back wholly count as sales. If all payments come here, ${toPayments}`;
}
