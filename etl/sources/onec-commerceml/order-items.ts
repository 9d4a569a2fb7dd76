import { micros, toMicros } from '../../../domain/micros.ts';
import { type Amount, amountFromMicros, readPrintedAmount } from '../../../domain/money.ts';
import type { DealInput } from '../../../domain/record/index.ts';
import type { OrderDocument } from './order-document.ts';
import { listOf, textOf, type XmlNode } from './xml-node.ts';

type Item = NonNullable<DealInput['items']>[number];

/** More lines than this are left out of the items; the sum of the order does not depend on them. */
const maxItems = 2000;
const deliveryId = 'ORDER_DELIVERY';

/**
 * Lines of an order. The pseudo item ORDER_DELIVERY is what the buyer pays for delivery: it is revenue, not cost, so it
 * stays in the sum of the order, in a category of its own that keeps it out of the goods.
 */
export const orderItems = (document: OrderDocument): Item[] =>
  listOf(document.node, 'Товары', 'Товар').slice(0, maxItems).map(readItem);

function readItem(node: XmlNode): Item {
  const id = textOf(node, 'Ид');
  const name = textOf(node, 'Наименование');
  const quantity = amountOf(node, 'Количество');
  const price = priceAfterDiscounts(amountOf(node, 'ЦенаЗаЕдиницу'), quantity, amountOf(node, 'Сумма'));
  return {
    ...(id === undefined ? {} : { product_id: id.slice(0, 256) }),
    ...(name === undefined ? {} : { name: name.slice(0, 4096) }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(price === undefined ? {} : { price }),
    ...(id === deliveryId ? { category: 'delivery' } : {}),
  };
}

function amountOf(node: XmlNode, name: string): Amount | undefined {
  const text = textOf(node, name);
  return text === undefined ? undefined : readPrintedAmount(text);
}

/**
 * Price of one as paid. `Сумма` of a line is after its discounts, `ЦенаЗаЕдиницу` may be before them; when the two
 * disagree the sum is the truth, and the price is the sum divided by the quantity, rounded half up to millionths.
 */
export function priceAfterDiscounts(
  price: Amount | undefined,
  quantity: Amount | undefined,
  sum: Amount | undefined,
): Amount | undefined {
  if (sum === undefined || quantity === undefined) return price;
  const [pieces, total] = [toMicros(quantity), toMicros(sum)];
  if (pieces <= 0n || total < 0n) return price;
  if (price !== undefined && toMicros(price) * pieces === total * micros) return price;
  return amountFromMicros((total * micros * 2n + pieces) / (pieces * 2n));
}
