import { column } from '../column.ts';
import { defineTable } from '../table.ts';
import { touchColumns } from './touch-columns.ts';

const dealFacts = {
  project: column.name('project'),
  deal_key: column.string('<source>:<id>'),
  deal_source: column.name('source'),
  deal_id: column.string('id in the source'),
  role: column.name('crm, shop or accounting: who leads when several know one order'),
  order_id: column.string('order number of the shop'),
  created_at: column.instant('creation by the source'),
  updated_at: column.instant('last change by the source'),
  closed_at: column.instant('end by the source').nullable(),
  amount: column.money('amount by the source, its currency'),
  currency: column.name('ISO code'),
  amount_base: column.money("amount in the project's currency"),
  status_group: column.name('open, won, lost, excluded'),
  status: column.name('stage id'),
  status_name: column.name('stage name'),
  loss_reason: column.name('why it was lost'),
  manager: column.name('who keeps it'),
  pipeline: column.name('pipeline'),
  cogs: column.money('cost of the goods').nullable(),
  delivery_cost: column.money('delivery and commission').nullable(),
  fields: column.map('any other field of the source'),
} as const;

/** The newest version of every deal as its source tells it, with the keys that may lead to a person. */
export const stagedDeals = defineTable({
  name: 'staged_deals',
  row: 'one deal as its source tells it now',
  columns: {
    ...dealFacts,
    visit: column.string('visit id'),
    visit_code: column.string('visit code, digits only'),
    visitor: column.string('visitor id'),
    ym_client_id: column.string('Metrica ClientID'),
    phone_hashes: column.strings('keyed hashes'),
    email_hashes: column.strings('keyed hashes'),
    contact_id: column.string('client in the source'),
    lead_id: column.string('lead in the source'),
    merged_into: column.string('deal it was merged into'),
    listed_at: column.instant('when it was last told with all its payments; the epoch when it never was'),
    listed_payments: column.strings('ids of those payments'),
    rate: column.money("units of the project's currency for one unit of its own; 0 when not known"),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: gone from the source'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'deal_key'],
});

export const deals = defineTable({
  name: 'deals',
  row: 'one deal, its person and its money',
  columns: {
    ...dealFacts,
    client_id: column.string('person'),
    matched_by: column.name(
      'key that led to the person: visit_code, visitor, order, ym_client_id, phone, email, contact, deal, none',
    ),
    same_as: column.string('leading deal of the same order or merge; the row is then not counted'),
    lead_id: column.string('request it came of'),
    lead_at: column.instant('instant of that request: the conversion instant'),
    form_id: column.string('form of the request'),
    request_page: column.string('page of the request'),
    cogs_base: column.money("cost of the goods in the project's currency; 0 when not known"),
    delivery_base: column.money("delivery and commission in the project's currency; 0 when not known"),
    paid_net: column.money("payments minus refunds in the project's currency"),
    first_paid_at: column.instant('first payment').nullable(),
    is_sale: column.flag('counts as a sale by the money source of the project'),
    sale_at: column.instant('instant of the sale: first payment, else the win').nullable(),
    sale_no: column.uint32('how many-th sale of the person; 0 when not a sale'),
    first_sale_path: column.string('path that won the person: of their first sale'),
    first_sale_at: column.instant('first sale of the person').nullable(),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: gone'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'deal_key'],
});

export const dealItems = defineTable({
  name: 'deal_items',
  row: 'one line of a deal',
  columns: {
    project: column.name('project'),
    deal_key: column.string('deal'),
    line_no: column.uint32('counts from 1'),
    product_id: column.string('product'),
    name: column.string('name'),
    quantity: column.money('how many'),
    price: column.money('price of one'),
    cogs: column.money('cost of one').nullable(),
    category: column.string('category'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: gone'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'deal_key', 'line_no'],
});

export const dealStages = defineTable({
  name: 'deal_stages',
  row: 'one step of a deal into a stage',
  columns: {
    project: column.name('project'),
    deal_key: column.string('deal'),
    entered_at: column.instant('when'),
    stage_key: column.string('id of the step in the source'),
    status: column.name('stage id'),
    status_name: column.name('stage name'),
    status_group: column.name('open, won, lost, excluded'),
    told_at: column.instant('instant of what the source told'),
    tells_deal: column.flag('told without the deal: it decides its status while it is newer'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: gone'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'deal_key', 'entered_at', 'stage_key'],
});

export const dealTouches = defineTable({
  name: 'deal_touches',
  row: 'one touch on the path of one deal or of a request without a deal',
  columns: {
    project: column.name('project'),
    path_id: column.string('deal:<deal key> or lead:<lead id>'),
    touched_at: column.instant('when'),
    touch_id: column.string('touch'),
    conversion_at: column.instant('instant the path leads to'),
    position: column.uint32('counts from 1 by (instant, id)'),
    path_length: column.uint32('touches on the path'),
    seconds_before: column.uint64('from the touch to the conversion'),
    dropped: column.name('rule that took it off the path; empty when it counts'),
    client_id: column.string('person'),
    ...touchColumns,
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: no longer on the path'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'path_id', 'touched_at', 'touch_id'],
});
