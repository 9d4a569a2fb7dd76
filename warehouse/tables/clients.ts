import { column } from '../column.ts';
import { defineTable } from '../table.ts';

/**
 * Evidence that identifiers belong to one person. Every edge stands twice, once from each end, so that the neighbours of any
 * node lie together; it belongs to the thing that witnesses it (`center`), which replaces its own edges when it changes.
 */
export const identityEdges = defineTable({
  name: 'identity_edges',
  row: 'one end of one piece of evidence that two identifiers belong to one person',
  columns: {
    project: column.name('project'),
    node_a: column.string(
      'visitor:<uuid>, visit:<visitor>/<visit> and event:<visitor>/<event> without a cookie, phone:<hash>, email:<hash>, user:<id>, ym:<id>, order:<number>, contact:<source>:<id>, deal:<deal key>, lead:<source>:<id>, touch:<source>:<id>',
    ),
    node_b: column.string('the other end'),
    center: column.string('the end that witnesses it: a visitor, deal, lead, touch or contact'),
    via: column.name('kind of key: visit_code, visitor, order, ym_client_id, phone, email, contact, user, deal'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: no longer witnessed'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'node_a', 'node_b', 'center'],
});

export const identityLinks = defineTable({
  name: 'identity_links',
  row: 'one identifier and the person it belongs to',
  columns: {
    project: column.name('project'),
    node: column.string('identifier'),
    client_id: column.string('person: hash of the smallest identifier of the group'),
    run_no: column.uint64('ETL run that wrote the row'),
  },
  engine: 'ReplacingMergeTree(run_no)',
  orderBy: ['project', 'node'],
});

export const clients = defineTable({
  name: 'clients',
  row: 'one person',
  columns: {
    project: column.name('project'),
    client_id: column.string('person'),
    identifiers: column.uint32('identifiers known'),
    deals: column.uint32('deals that count'),
    sales: column.uint32('sales'),
    first_sale_at: column.instant('first sale').nullable(),
    last_sale_at: column.instant('last sale').nullable(),
    revenue: column.money("payments minus refunds in the project's currency"),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: merged into another'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'client_id'],
});
