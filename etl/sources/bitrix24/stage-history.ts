import { z } from 'zod';
import { failed } from '../../../domain/result.ts';
import { instantSchema } from '../../../domain/time.ts';
import { SourceError } from '../../errors.ts';
import type { Mapped, Page, ReadContext, Stream } from '../../source.ts';
import { loadDealStages, type StageInfo } from './dictionaries.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import type { Bitrix24Settings } from './settings.ts';
import { statusOf } from './stage-semantics.ts';

const id = z.union([z.string(), z.number()]).transform(String);
const text = z.string().nullish().catch(undefined);

/** All but the id, by which we page, is checked step by step. https://apidocs.bitrix24.ru/api-reference/crm/crm-stage-history-list.html */
const stageItemSchema = z.looseObject({
  ID: id,
  OWNER_ID: id.nullish().catch(undefined),
  CREATED_TIME: text,
  STAGE_ID: text,
  STAGE_SEMANTIC_ID: text,
});
export type StageItem = z.output<typeof stageItemSchema>;

const answerSchema = z.looseObject({ items: z.array(stageItemSchema) });
const cursorSchema = z.strictObject({ afterId: z.string() });

const dealType = 2;
const pageSize = 50;
/** Ids are given before their transactions end, so a smaller one may appear late. */
const idsReadAgain = 100;

/** Stages by their code: a step names its stage by the code alone, the rules of the shop may name it by its name. */
type Stages = Readonly<Record<string, StageInfo>>;

/** Steps of deals through their stages: the source of the moment a deal was won or lost. Only ever grows. */
export const stageHistory: Stream<Bitrix24Settings, StageItem, Stages> = {
  name: 'stage_history',
  entity: 'stage',
  key: 'ID',
  cursor: 'updated_at',
  writeMode: 'merge',
  read: readHistory,
  toRecords(item, { sourceId, lookups }) {
    const { OWNER_ID: dealId, CREATED_TIME: createdTime, STAGE_ID: stage } = item;
    const enteredAt = instantSchema.safeParse(createdTime);
    if (dealId == null) return [withoutField(item, 'OWNER_ID')];
    if (!enteredAt.success) return [withoutField(item, 'CREATED_TIME')];
    if (stage == null) return [withoutField(item, 'STAGE_ID')];
    const status = statusOf(item.STAGE_SEMANTIC_ID);
    const stage_name = lookups[stage]?.name;
    const input = {
      source: sourceId,
      id: item.ID,
      deal_id: dealId,
      entered_at: enteredAt.data,
      stage,
      stage_name,
      status,
    };
    return [{ ok: true, item: { entity: 'stage', input }, versionAt: enteredAt.data }];
  },
};

const withoutField = (item: StageItem, field: 'OWNER_ID' | 'CREATED_TIME' | 'STAGE_ID'): Mapped =>
  failed(
    'invalid_record',
    `stage_history.${item.ID}.${field}`,
    `${field} is missing or cannot be read: this step of the deal is left out`,
  );

async function* readHistory(context: ReadContext<Bitrix24Settings>): AsyncGenerator<Page<StageItem, Stages>> {
  const rest = createRestClient(context);
  const isFromTheStart = context.cursor === undefined || context.since !== undefined;
  const saved = isFromTheStart ? 0 : Number(cursorSchema.parse(JSON.parse(context.cursor)).afterId);
  let lastId = Math.max(0, saved - idsReadAgain);
  let done = 0;
  let lookups: Stages | undefined;
  while (true) {
    const items = await itemsOf(rest, { '>ID': lastId });
    const fresh = items.filter((item) => Number(item.ID) > lastId);
    if (fresh.length === 0) return;
    lastId = Math.max(...fresh.map((item) => Number(item.ID)));
    done += fresh.length;
    lookups ??= await loadDealStages(rest);
    yield {
      rows: fresh,
      lookups,
      nextCursor: JSON.stringify({ afterId: String(Math.max(lastId, saved)) }),
      progress: { done },
    };
    if (items.length < pageSize) return;
  }
}

async function itemsOf(rest: RestClient, filter: Readonly<Record<string, unknown>>): Promise<readonly StageItem[]> {
  const answer = await rest.call('crm.stagehistory.list', {
    entityTypeId: dealType,
    order: { ID: 'ASC' },
    filter,
    start: 0,
  });
  const parsed = answerSchema.safeParse(answer.result);
  if (parsed.success) return parsed.data.items;
  throw new SourceError('bad_data', 'the answer of crm.stagehistory.list has another shape than documented');
}
