import { column } from '../column.ts';
import { defineTable } from '../table.ts';

const paymentFacts = {
  project: column.name('project'),
  payment_key: column.string('<source>:<id>'),
  payment_source: column.name('source'),
  payment_id: column.string('id in the source'),
  paid_at: column.instant('when the money moved'),
  amount: column.money('signed: a refund is negative'),
  currency: column.name('ISO code'),
  amount_base: column.money("in the project's currency"),
  payment_method: column.name('how it was paid'),
  document: column.string('number of the document'),
} as const;

export const stagedPayments = defineTable({
  name: 'staged_payments',
  row: 'one money movement as its source tells it now',
  columns: {
    ...paymentFacts,
    deal_ref_key: column.string('<source>:<id> of the deal it names; empty when none'),
    order_id: column.string('order number it names; empty when none'),
    implied: column.flag('the order says that it is paid; it counts while no document pays the order'),
    part_of: column.string(
      'document that stands within deals, of which it is what pays one; empty when told by itself',
    ),
    cancelled: column.flag('no money moved; it outdates what was told before of the same money'),
    told_at: column.instant('instant of what its source tells'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: gone, or without a rate'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'payment_key'],
});

export const payments = defineTable({
  name: 'payments',
  row: 'one dated, signed money movement and the deal it belongs to',
  columns: {
    ...paymentFacts,
    deal_key: column.string('leading deal; empty when no deal is known'),
    client_id: column.string('person; empty when no deal is known'),
    deal_group: column.name('status group of the deal; empty when no deal is known'),
    deal_at: column.instant('creation of the deal; of a payment without one, the payment'),
    lead_at: column.instant('request of the deal; of a payment without one, the payment'),
    cost_known: column.flag('the deal knows the cost of its goods'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: cancelled or gone'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'payment_key'],
});
