import type { Page, ReadContext, Stream } from '../../source.ts';
import { resolveMeanings } from './custom-fields.ts';
import { type DealLookups, type DealRow, toDeal } from './deal-record.ts';
import { loadDealStages, loadFields, loadManagers, loadPipelines } from './dictionaries.ts';
import type { ListMethod } from './list-pages.ts';
import { readList } from './read-list.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import { type Row, refuseUndated, textField } from './row.ts';
import type { Bitrix24Settings } from './settings.ts';
import { type EndedDeal, endedSince } from './stage-history.ts';
import { isFinal } from './stage-semantics.ts';

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
    yield { ...page, rows: await withParts(rest, page.rows, lookups), lookups };
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

/** One batch of product rows for the page, and the history of the deals that ended. */
async function withParts(rest: RestClient, rows: readonly Row[], lookups: DealLookups): Promise<DealRow[]> {
  const commands = rows.map((row) => [`deal_${row.ID}`, `crm.deal.productrows.get?id=${encodeURIComponent(row.ID)}`]);
  const products = await rest.batch(Object.fromEntries(commands));
  const since = await endedSince(
    rest,
    rows.flatMap((row) => endOf(row, lookups)),
  );
  return rows.map((row) => {
    const endedAt = since.get(row.ID);
    return {
      ...row,
      PRODUCT_ROWS: products[`deal_${row.ID}`],
      ...(endedAt === undefined ? {} : { ENDED_SINCE: endedAt }),
    };
  });
}

function endOf(row: Row, lookups: DealLookups): EndedDeal[] {
  const stage = textField(row, 'STAGE_ID') ?? '';
  const semantics = textField(row, 'STAGE_SEMANTIC_ID') ?? lookups.stages[stage]?.semantics;
  return isFinal(semantics) ? [{ id: row.ID, semantics }] : [];
}
