import { SourceError } from '../../errors.ts';
import type { Page, ReadContext, Stream } from '../../source.ts';
import { fieldText, type Meanings, resolveKnownMeanings } from './custom-fields.ts';
import { type Fields, loadFields } from './dictionaries.ts';
import type { ListMethod } from './list-pages.ts';
import { readList } from './read-list.ts';
import { createRestClient } from './rest-client.ts';
import { linkField, multifield, type Row, refuseUndated, textField } from './row.ts';
import type { Bitrix24Settings } from './settings.ts';

interface LeadLookups {
  readonly fields: Fields;
  readonly meanings: Meanings;
}

/** Requests of portals that work with leads. https://apidocs.bitrix24.ru/api-reference/crm/leads/crm-lead-list.html */
export const leads: Stream<Bitrix24Settings, Row, LeadLookups> = {
  name: 'leads',
  entity: 'lead',
  key: 'ID',
  cursor: 'updated_at',
  writeMode: 'merge',
  read: readLeads,
  toRecords(row, { sourceId, lookups: { fields, meanings } }) {
    const undated = refuseUndated('leads', row);
    if (undated !== undefined) return [undated];
    const meant = (name: keyof Meanings): string | undefined => fieldText(row, meanings[name], fields);
    const orderId = meant('order_id') ?? textField(row, 'ORIGIN_ID');
    const input = {
      source: sourceId,
      id: row.ID,
      created_at: textField(row, 'DATE_CREATE') ?? '',
      kind: 'crm' as const,
      client: clientOf(row),
      updated_at: textField(row, 'DATE_MODIFY'),
      ...(orderId === undefined ? {} : { order_id: orderId }),
      visit: meant('visit'),
      visitor: meant('visitor'),
      ym_client_id: meant('ym_client_id'),
      visit_code: meant('visit_code'),
    };
    return [{ ok: true, item: { entity: 'lead', input } }];
  },
};

const leadList: ListMethod = {
  method: 'crm.lead.list',
  select: ['*', 'UF_*', 'PHONE', 'EMAIL'],
  isOfList: (row) => 'STATUS_ID' in row,
};

async function* readLeads(context: ReadContext<Bitrix24Settings>): AsyncGenerator<Page<Row, LeadLookups>> {
  const rest = createRestClient(context);
  let lookups: LeadLookups | undefined;
  try {
    for await (const page of readList(context, rest, leadList)) {
      if (lookups === undefined && page.rows.length > 0) {
        const fields = await loadFields(rest, 'crm.lead.fields');
        lookups = { fields, meanings: resolveKnownMeanings(context.settings.fields, fields) };
      }
      yield lookups === undefined ? page : { ...page, lookups };
    }
  } catch (error) {
    if (!isWithoutLeads(error)) throw error;
    context.log.warn({ detail: error.message }, 'the webhook may not read leads: requests come from deals alone');
  }
}

/** A webhook for deals alone is a choice, a refused secret is not. */
const isWithoutLeads = (error: unknown): error is SourceError =>
  error instanceof SourceError &&
  error.kind === 'auth' &&
  ['insufficient_scope', 'access_denied'].includes(error.code ?? '');

function clientOf(row: Row) {
  return { id: linkField(row, 'CONTACT_ID'), phone: multifield(row, 'PHONE')[0], email: multifield(row, 'EMAIL')[0] };
}
