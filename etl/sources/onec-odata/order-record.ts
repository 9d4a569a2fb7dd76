import type { DealInput } from '../../../domain/record/index.ts';
import { failed } from '../../../domain/result.ts';
import { instantFromLocal } from '../../../domain/time.ts';
import type { MapContext, Mapped } from '../../source.ts';
import { priceAfterDiscounts } from '../onec-commerceml/order-items.ts';
import { currencyOf } from './document-currency.ts';
import { type ItemLine, type OrderRow, orderRow } from './document-row.ts';
import type { OnecLookups } from './lookups.ts';
import { cameInstead } from './odata-client.ts';
import type { OnecOdataSettings } from './settings.ts';

export type OnecMapContext = MapContext<OnecOdataSettings, OnecLookups>;

const maxItems = 2000;

/** An order document as a deal. Deleted and unposted ones keep their sums in 1C but are no facts: they are excluded. */
export function orderRecords(raw: unknown, context: OnecMapContext): Mapped[] {
  const parsed = orderRow.safeParse(raw);
  if (!parsed.success) return [badRow(raw, parsed.error.issues[0])];
  const row = parsed.data;
  const createdAt = instantFromLocal(row.Date, context.settings.timezone ?? context.timezone);
  const currency = currencyOf(row, context);
  if (createdAt === undefined || row.СуммаДокумента === undefined || currency === undefined)
    return [badFacts(row, { Date: createdAt, СуммаДокумента: row.СуммаДокумента, Валюта: currency })];
  const input: DealInput = {
    source: context.sourceId,
    id: row.Ref_Key,
    role: 'accounting',
    created_at: createdAt,
    amount: row.СуммаДокумента,
    currency,
    status: statusOf(row, context.settings),
    items: row.Товары.filter((line) => !line.Отменено)
      .slice(0, maxItems)
      .map(itemOf),
    fields: { 'Номер по 1С': row.Number.trim() },
    ...(row.Статус ? { stage: row.Статус, status_name: row.Статус } : {}),
    ...orderNumber(row, context.settings),
    ...clientOf(row, context),
  };
  return [{ ok: true, item: { entity: 'deal', input } }];
}

function statusOf(row: OrderRow, settings: OnecOdataSettings): DealInput['status'] {
  if (row.DeletionMark || !row.Posted) return 'excluded';
  const isCancelled = row.Аннулирован || (row.Товары.length > 0 && row.Товары.every((line) => line.Отменено));
  if (isCancelled) return 'lost';
  const own = settings.status_groups?.[row.Статус ?? ''];
  return own ?? (row.Статус === 'Закрыт' ? 'won' : 'open');
}

function itemOf(line: ItemLine): NonNullable<DealInput['items']>[number] {
  const id = [line.Номенклатура_Key, line.Характеристика_Key].filter((key) => key !== undefined).join('#');
  const price = priceAfterDiscounts(line.Цена, line.Количество, line.СуммаСНДС ?? line.Сумма);
  return {
    ...(id === '' ? {} : { product_id: id }),
    ...(line.Количество === undefined ? {} : { quantity: line.Количество }),
    ...(price === undefined ? {} : { price }),
  };
}

function orderNumber(row: OrderRow, settings: OnecOdataSettings): { order_id?: string } {
  const field = row[settings.order_number];
  const number =
    typeof field === 'string' ? new RegExp(settings.order_number_pattern).exec(field)?.[1]?.trim() : undefined;
  return number === undefined || number === '' ? {} : { order_id: number.slice(0, 256) };
}

function clientOf(row: OrderRow, context: OnecMapContext): { client?: { id: string } } {
  const shared = [...context.lookups.sharedClients, ...(context.settings.shared_clients ?? [])];
  const keys = [row.Контрагент_Key, row.Партнер_Key].filter((key) => key !== undefined);
  // One shared name is enough: a retail partner has counterparties of its own, and the other way round.
  const [id] = keys;
  return id === undefined || keys.some((key) => shared.includes(key)) ? {} : { client: { id } };
}

export function badRow(raw: unknown, issue: { path: PropertyKey[]; message: string } | undefined): Mapped {
  const row = raw as Readonly<Record<string, unknown>>;
  const came = row[cameInstead];
  if (typeof came === 'string')
    return failed('invalid_record', String(row['odata.entity']), `expected a document, ${came} came`);
  const place = [row['odata.entity'], row.Ref_Key, ...(issue?.path ?? [])]
    .filter((part) => part !== undefined && part !== null)
    .map(String)
    .join('.');
  return failed('invalid_record', place, issue?.message ?? 'does not fit the shape of the document');
}

export function badFacts(
  row: { 'odata.entity': string; Ref_Key: string },
  facts: Readonly<Record<string, unknown>>,
): Mapped {
  const missing = Object.keys(facts).filter((name) => facts[name] === undefined);
  return failed(
    'invalid_record',
    `${row['odata.entity']}.${row.Ref_Key}`,
    `missing or not understood: ${missing.join(', ')}`,
  );
}
