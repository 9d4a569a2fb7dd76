import { z } from 'zod';
import { SourceError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { RestClient } from './rest-client.ts';

/** What a field of a portal is: https://apidocs.bitrix24.ru/api-reference/crm/deals/crm-deal-fields.html */
const fieldSchema = z
  .looseObject({
    type: z.string(),
    title: z.string().optional(),
    listLabel: z.string().nullish(),
    formLabel: z.string().nullish(),
    items: z
      .array(z.looseObject({ ID: z.union([z.string(), z.number()]).transform(String), VALUE: z.string() }))
      .optional(),
  })
  .transform((field) => ({
    type: field.type,
    label: [field.listLabel, field.formLabel, field.title].find((text) => text?.trim())?.trim() ?? '',
    /** Texts of an enumeration by the ids that rows carry. */
    items: Object.fromEntries((field.items ?? []).map((item) => [item.ID, item.VALUE])),
  }));
export type FieldInfo = z.output<typeof fieldSchema>;
export type Fields = Readonly<Record<string, FieldInfo>>;

export interface StageInfo {
  readonly name: string;
  /** S success, F failure, P or null in progress. */
  readonly semantics: string | null;
}

export async function loadFields(rest: RestClient, method: string): Promise<Fields> {
  return parse(z.record(z.string(), fieldSchema), await rest.call(method), method);
}

const statusSchema = z.looseObject({
  ENTITY_ID: z.string(),
  STATUS_ID: z.string(),
  NAME: z.string(),
  SEMANTICS: z.string().nullish(),
});

/** Stages of all pipelines by their code; codes of different pipelines differ by their prefix. */
export async function loadDealStages(rest: RestClient): Promise<Readonly<Record<string, StageInfo>>> {
  const rows = await allPages(rest, 'crm.status.list', statusSchema, {});
  const stages = rows.filter((row) => row.ENTITY_ID.startsWith('DEAL_STAGE'));
  return Object.fromEntries(stages.map((row) => [row.STATUS_ID, { name: row.NAME, semantics: row.SEMANTICS ?? null }]));
}

const categoriesSchema = z.looseObject({
  categories: z.array(z.looseObject({ id: z.union([z.string(), z.number()]).transform(String), name: z.string() })),
});

/** Names of pipelines, the default one (0) among them. */
export async function loadPipelines(rest: RestClient): Promise<Readonly<Record<string, string>>> {
  const answer = parse(
    categoriesSchema,
    await rest.call('crm.category.list', { entityTypeId: 2 }),
    'crm.category.list',
  );
  return Object.fromEntries(answer.categories.map(({ id, name }) => [id, name]));
}

const userSchema = z.looseObject({
  ID: z.union([z.string(), z.number()]).transform(String),
  NAME: z.string().nullish(),
  LAST_NAME: z.string().nullish(),
});

/** Names of the portal's users by id. Without the scope `user` managers stay ids. */
export async function loadManagers(rest: RestClient, log: Logger): Promise<Readonly<Record<string, string>>> {
  try {
    const users = await allPages(rest, 'user.get', userSchema, {});
    return Object.fromEntries(users.map((user) => [user.ID, fullName(user) || user.ID]));
  } catch (error) {
    if (!(error instanceof SourceError) || error.kind !== 'auth') throw error;
    log.warn({ detail: error.message }, 'the webhook has no scope user: managers are shown by their ids');
    return {};
  }
}

const fullName = (user: z.output<typeof userSchema>): string =>
  [user.NAME, user.LAST_NAME].flatMap((part) => part?.trim() || []).join(' ');

async function allPages<Item>(
  rest: RestClient,
  method: string,
  schema: z.ZodType<Item>,
  params: Readonly<Record<string, unknown>>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let start: number | undefined = 0; start !== undefined; ) {
    const answer = await rest.call(method, { ...params, start });
    items.push(...parse(z.array(schema), answer, method));
    // An offset that does not grow would read the same page for ever.
    start = answer.next !== undefined && answer.next > start ? answer.next : undefined;
  }
  return items;
}

function parse<Value>(schema: z.ZodType<Value>, answer: { readonly result: unknown }, method: string): Value {
  const parsed = schema.safeParse(answer.result);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new SourceError(
    'bad_data',
    `the answer of ${method} has another shape than documented, at ${place || 'its root'}`,
  );
}
