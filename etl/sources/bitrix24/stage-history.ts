import { z } from 'zod';
import { failed } from '../../../domain/result.ts';
import { type Instant, instantSchema } from '../../../domain/time.ts';
import { SourceError } from '../../errors.ts';
import type { Mapped, Page, ReadContext, Stream } from '../../source.ts';
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

/** Steps of deals through their stages: the source of the moment a deal was won or lost. Only ever grows. */
export const stageHistory: Stream<Bitrix24Settings, StageItem> = {
  name: 'stage_history',
  entity: 'stage',
  key: 'ID',
  cursor: 'updated_at',
  writeMode: 'merge',
  read: readHistory,
  toRecords(item, { sourceId }) {
    const { OWNER_ID: dealId, CREATED_TIME: createdTime, STAGE_ID: stage } = item;
    const enteredAt = instantSchema.safeParse(createdTime);
    if (dealId == null) return [withoutField(item, 'OWNER_ID')];
    if (!enteredAt.success) return [withoutField(item, 'CREATED_TIME')];
    if (stage == null) return [withoutField(item, 'STAGE_ID')];
    const status = statusOf(item.STAGE_SEMANTIC_ID);
    const input = { source: sourceId, id: item.ID, deal_id: dealId, entered_at: enteredAt.data, stage, status };
    return [{ ok: true, item: { entity: 'stage', input }, versionAt: enteredAt.data }];
  },
};

const withoutField = (item: StageItem, field: 'OWNER_ID' | 'CREATED_TIME' | 'STAGE_ID'): Mapped =>
  failed(
    'invalid_record',
    `stage_history.${item.ID}.${field}`,
    `${field} is missing or cannot be read: this step of the deal is left out`,
  );

async function* readHistory(context: ReadContext<Bitrix24Settings>): AsyncGenerator<Page<StageItem>> {
  const rest = createRestClient(context);
  const isFromTheStart = context.cursor === undefined || context.since !== undefined;
  const saved = isFromTheStart ? 0 : Number(cursorSchema.parse(JSON.parse(context.cursor)).afterId);
  let lastId = Math.max(0, saved - idsReadAgain);
  let done = 0;
  while (true) {
    const items = await itemsOf(rest, { '>ID': lastId }, 0);
    const fresh = items.filter((item) => Number(item.ID) > lastId);
    if (fresh.length === 0) return;
    lastId = Math.max(...fresh.map((item) => Number(item.ID)));
    done += fresh.length;
    yield {
      rows: fresh,
      nextCursor: JSON.stringify({ afterId: String(Math.max(lastId, saved)) }),
      progress: { done },
    };
    if (items.length < pageSize) return;
  }
}

/** A deal that ended and how: S won, F lost. */
export interface EndedDeal {
  readonly id: string;
  readonly semantics: string;
}

/**
 * When each of these deals came to the end it has now and has had ever since, by the history of its stages: the first step of
 * the last unbroken run of steps that are all won, or all lost. Moving on from one won stage to another, in another pipeline
 * too, is not a new end. Deals whose history does not tell it are not in the answer.
 */
export async function endedSince(rest: RestClient, deals: readonly EndedDeal[]): Promise<ReadonlyMap<string, Instant>> {
  const ends = await stepsOf(rest, deals, { STAGE_SEMANTIC_ID: ['S', 'F'] });
  const isRepeated = (deal: EndedDeal): boolean => ends.filter((step) => step.OWNER_ID === deal.id).length > 1;
  // What stands between several ends tells whether they are one; most deals have one end, and nothing more to ask.
  const whole = await stepsOf(rest, deals.filter(isRepeated), {});
  const entries = deals.flatMap((deal) => {
    const steps = (isRepeated(deal) ? whole : ends).filter((step) => step.OWNER_ID === deal.id);
    const since = startOfLastRun(steps, deal.semantics);
    return since === undefined ? [] : [[deal.id, since] as const];
  });
  return new Map(entries);
}

async function stepsOf(
  rest: RestClient,
  deals: readonly EndedDeal[],
  filter: Readonly<Record<string, unknown>>,
): Promise<readonly StageItem[]> {
  const steps: StageItem[] = [];
  for (let start = 0; deals.length > 0; start += pageSize) {
    const page = await itemsOf(rest, { OWNER_ID: deals.map((deal) => deal.id), ...filter }, start);
    steps.push(...page);
    if (page.length < pageSize) break;
  }
  return steps;
}

function startOfLastRun(steps: readonly StageItem[], semantics: string): Instant | undefined {
  const ordered = steps.toSorted((a, b) => Number(a.ID) - Number(b.ID));
  const lastOther = ordered.findLastIndex((item) => item.STAGE_SEMANTIC_ID !== semantics);
  return instantSchema.safeParse(ordered[lastOther + 1]?.CREATED_TIME).data;
}

async function itemsOf(
  rest: RestClient,
  filter: Readonly<Record<string, unknown>>,
  start: number,
): Promise<readonly StageItem[]> {
  const answer = await rest.call('crm.stagehistory.list', {
    entityTypeId: dealType,
    order: { ID: 'ASC' },
    filter,
    start,
  });
  const parsed = answerSchema.safeParse(answer.result);
  if (parsed.success) return parsed.data.items;
  throw new SourceError('bad_data', 'the answer of crm.stagehistory.list has another shape than documented');
}
