import type { Page, ReadContext, Stream } from '../../source.ts';
import { resolveMeanings } from './custom-fields.ts';
import { type DealLookups, type DealRow, toDeal } from './deal-record.ts';
import { loadDealStages, loadFields, loadManagers, loadPipelines } from './dictionaries.ts';
import type { ListMethod } from './list-pages.ts';
import { readList } from './read-list.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import { type Row, refuseUndated } from './row.ts';
import type { Bitrix24Settings } from './settings.ts';

/** https://apidocs.bitrix24.ru/api-reference/crm/deals/crm-deal-list.html */
export const deals: Stream<Bitrix24Settings, DealRow, DealLookups> = {
  name: 'deals',
  entity: 'deal',
  key: 'ID',
  cursor: 'updated_at',
  writeMode: 'merge',
  read: readDeals,
  toRecords: (row, context) => [
    refuseUndated('deals', row) ?? { ok: true, item: { entity: 'deal', input: toDeal(row, context) } },
  ],
};

const dealList: ListMethod = { method: 'crm.deal.list', isOfList: (row) => 'STAGE_ID' in row };

async function* readDeals(context: ReadContext<Bitrix24Settings>): AsyncGenerator<Page<DealRow, DealLookups>> {
  const rest = createRestClient(context);
  let lookups: DealLookups | undefined;
  for await (const page of readList(context, rest, dealList)) {
    if (page.rows.length === 0) {
      yield { ...page, rows: [] };
      continue;
    }
    lookups ??= await loadLookups(context, rest);
    yield { ...page, rows: await withParts(rest, page.rows), lookups };
  }
}

async function loadLookups(context: ReadContext<Bitrix24Settings>, rest: RestClient): Promise<DealLookups> {
  const fields = await loadFields(rest, 'crm.deal.fields');
  return {
    fields,
    meanings: resolveMeanings(context.settings.fields, fields),
    stages: await loadDealStages(rest),
    pipelines: await loadPipelines(rest),
    managers: await loadManagers(rest, context.log),
  };
}

/** One batch of product rows for the page. */
async function withParts(rest: RestClient, rows: readonly Row[]): Promise<DealRow[]> {
  const commands = rows.map((row) => [`deal_${row.ID}`, `crm.deal.productrows.get?id=${encodeURIComponent(row.ID)}`]);
  const products = await rest.batch(Object.fromEntries(commands));
  return rows.map((row) => ({ ...row, PRODUCT_ROWS: products[`deal_${row.ID}`] }));
}
