import { column } from '../column.ts';
import { defineTable } from '../table.ts';

export const stagedLeads = defineTable({
  name: 'staged_leads',
  row: 'one request as its event or source tells it now',
  columns: {
    project: column.name('project'),
    lead_id: column.string('event:<uuid> or <source>:<id>'),
    node: column.string(
      'identity node it belongs to: visitor:<uuid>, visit:<visitor>/<visit>, event:<visitor>/<event> or lead:<source>:<id>',
    ),
    source: column.name('tracker, or the source'),
    kind: column.name('form, call, chat, email, cart, crm, offline'),
    created_at: column.instant('when'),
    form_id: column.string('form'),
    request_page: column.string('page of the request'),
    order_id: column.string('order number of the shop'),
    deal_ref_key: column.string('<source>:<id> of the deal it names; empty when none'),
    visit: column.string('visit id'),
    visit_code: column.string('visit code, digits only'),
    visitor: column.string('visitor id'),
    ym_client_id: column.string('Metrica ClientID'),
    phone_hashes: column.strings('keyed hashes'),
    email_hashes: column.strings('keyed hashes'),
    contact_id: column.string('client in the source'),
    duplicate_of: column.string('request of the same browser or source that this one repeats'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: gone'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'node', 'lead_id'],
});

export const leads = defineTable({
  name: 'leads',
  row: 'one request of a person',
  columns: {
    project: column.name('project'),
    lead_id: column.string('event:<uuid>, <source>:<id>, or deal:<deal key> for a deal that no other request precedes'),
    source: column.name('tracker, or the source'),
    kind: column.name('form, call, chat, email, cart, crm, offline'),
    created_at: column.instant('when'),
    form_id: column.string('form'),
    request_page: column.string('page of the request'),
    order_id: column.string('order number of the shop'),
    client_id: column.string('person'),
    deal_key: column.string('first deal that came of it; empty when none'),
    path_id: column.string('path that credits it: that of its deal, else its own'),
    duplicate_of: column.string('request that this one repeats; empty when it counts'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: no longer a request'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'lead_id'],
});
