import { z } from 'zod';
import type { DealInput } from '../../../domain/record/index.ts';
import type { MapContext } from '../../source.ts';
import { customFields, fieldAmount, fieldText, type Meanings } from './custom-fields.ts';
import type { Fields, StageInfo } from './dictionaries.ts';
import { linkField, type Row, textField } from './row.ts';
import type { Bitrix24Settings } from './settings.ts';
import { statusOf } from './stage-semantics.ts';

/** A deal with what belongs to it and is read by other methods. */
export type DealRow = Row & {
  /** Rows of crm.deal.productrows.get; absent when the deal was deleted meanwhile. */
  readonly PRODUCT_ROWS?: unknown;
};

export interface DealLookups {
  readonly fields: Fields;
  readonly meanings: Meanings;
  readonly stages: Readonly<Record<string, StageInfo>>;
  readonly pipelines: Readonly<Record<string, string>>;
  readonly managers: Readonly<Record<string, string>>;
}

type Context = MapContext<Bitrix24Settings, DealLookups>;

/**
 * A deal in our shape. CLOSEDATE is a plan that people edit; MOVED_TIME, since when it is in its stage, stands in for its end where
 * the history of its stages does not tell that. It is taken of any stage: the rules of the shop may make any of them an end.
 */
export function toDeal(row: DealRow, { sourceId, lookups }: Context): DealInput {
  const stageCode = textField(row, 'STAGE_ID') ?? '';
  const stage = lookups.stages[stageCode];
  const semantics = textField(row, 'STAGE_SEMANTIC_ID') ?? stage?.semantics;
  const manager = linkField(row, 'ASSIGNED_BY_ID');
  const pipeline = textField(row, 'CATEGORY_ID') ?? '0';
  return {
    source: sourceId,
    id: row.ID,
    role: 'crm',
    created_at: textField(row, 'DATE_CREATE') ?? '',
    updated_at: textField(row, 'DATE_MODIFY'),
    amount: textField(row, 'OPPORTUNITY') ?? '0',
    currency: textField(row, 'CURRENCY_ID'),
    status: statusOf(semantics),
    stage: stageCode,
    status_name: stage?.name ?? stageCode,
    closed_at: textField(row, 'MOVED_TIME'),
    manager: manager === undefined ? undefined : (lookups.managers[manager] ?? manager),
    pipeline: lookups.pipelines[pipeline] ?? pipeline,
    lead_id: linkField(row, 'LEAD_ID'),
    client: { id: linkField(row, 'CONTACT_ID') },
    items: itemsOf(row),
    fields: customFields(row, lookups.fields),
    ...meaningful(row, lookups),
  };
}

function meaningful(row: DealRow, { fields, meanings }: DealLookups) {
  const meant = (name: keyof Meanings): string | undefined => fieldText(row, meanings[name], fields);
  const orderId = meanings.order_id === undefined ? textField(row, 'ORIGIN_ID') : meant('order_id');
  return {
    order_id: orderId?.slice(0, 256),
    visit: meant('visit'),
    visit_code: meant('visit_code'),
    visitor: meant('visitor'),
    ym_client_id: meant('ym_client_id'),
    lost_reason: meant('lost_reason'),
    cogs: fieldAmount(row, meanings.cogs, fields),
    delivery_cost: fieldAmount(row, meanings.delivery_cost, fields),
  };
}

const number = z.union([z.number(), z.string()]).transform(String);

/** https://apidocs.bitrix24.ru/api-reference/crm/deals/crm-deal-productrows-get.html */
const productRowsSchema = z
  .array(
    z.looseObject({
      PRODUCT_ID: number.nullish(),
      PRODUCT_NAME: z.string().nullish(),
      PRICE: number.nullish(),
      QUANTITY: number.nullish(),
    }),
  )
  .catch([]);

/** Lines of a deal. Prices are after the discount, tax included; a line typed by hand has the product id 0. */
function itemsOf(row: DealRow): DealInput['items'] {
  return productRowsSchema.parse(row.PRODUCT_ROWS).map((line) => ({
    product_id: line.PRODUCT_ID === '0' ? undefined : (line.PRODUCT_ID ?? undefined),
    name: line.PRODUCT_NAME ?? undefined,
    price: sixDigits(line.PRICE),
    quantity: sixDigits(line.QUANTITY),
  }));
}

/** A price computed from a percentage comes with more digits than money has; the amount of the deal does not depend on it. */
const sixDigits = (text: string | null | undefined): string | undefined => text?.match(/^-?\d{1,12}(\.\d{1,6})?/)?.[0];
