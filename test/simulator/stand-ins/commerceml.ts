import type { Deal, Payment, Person, State } from '../model.ts';
import { moscowText } from '../moscow.ts';
import { amountText, goodsGuid } from './onec-names.ts';

/** An order of the exchange with its payment documents. */
export interface ExchangeOrder {
  readonly deal: Deal;
  readonly person: Person | undefined;
  readonly payments: readonly Payment[];
}

/** Orders that 1C tells of through the exchange, by their number. */
export function exchangeOrders(state: State): ExchangeOrder[] {
  const deals = [...state.deals.values()].filter((deal) => deal.home === 'exchange' || deal.oneC === 'exchange');
  const payments = [...state.payments.values()].filter((payment) => payment.route === 'exchange');
  return deals
    .sort((a, b) => (a.orderId < b.orderId ? -1 : 1))
    .map((deal) => ({
      deal,
      person: state.people.get(deal.personId),
      payments: payments.filter((payment) => payment.orderId === deal.orderId).sort((a, b) => a.at - b.at),
    }));
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const tag = (name: string, ...content: readonly string[]): string => `<${name}>${content.join('')}</${name}>`;
const textTag = (name: string, text: string): string => tag(name, escapeXml(text));

const requisites = (values: Readonly<Record<string, string>>): string =>
  tag(
    'ЗначенияРеквизитов',
    ...Object.entries(values).map(([name, value]) =>
      tag('ЗначениеРеквизита', textTag('Наименование', name), textTag('Значение', value)),
    ),
  );

const dayAndTime = (ms: number): string => {
  const [day = '', time = ''] = moscowText(ms).split('T');
  return textTag('Дата', day) + textTag('Время', time);
};

const operations = {
  bank: ['Выплата безналичных денег', 'Возврат безналичных денег'],
  card: ['Эквайринговая операция', 'Возврат безналичных денег'],
  cash: ['Выплата наличных денег', 'Возврат наличных денег'],
} as const;

const operationOf = (payment: Payment): string => operations[payment.kind][payment.amount < 0n ? 1 : 0];
const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const statuses = {
  open: ['N', 'Принят, ожидается оплата'],
  won: ['F', 'Выполнен'],
  lost: ['C', 'Отменен'],
  excluded: ['C', 'Отменен'],
} as const;

function counterparty(order: ExchangeOrder): string {
  const { person } = order;
  const contacts = person
    ? tag(
        'Контакты',
        tag('Контакт', textTag('Тип', 'ТелефонРабочий'), textTag('Значение', person.phone)),
        tag('Контакт', textTag('Тип', 'Почта'), textTag('Значение', person.email)),
      )
    : '';
  const name = person?.name ?? '';
  const id = `${person?.id ?? '0'}#buyer#${name}`;
  return tag(
    'Контрагенты',
    tag('Контрагент', textTag('Ид', id), textTag('Наименование', name), textTag('Роль', 'Покупатель'), contacts),
  );
}

function goods(order: ExchangeOrder, unit: string, digits: number): string {
  const lines = order.deal.items.map((item) =>
    tag(
      'Товар',
      textTag('Ид', goodsGuid(item)),
      textTag('Наименование', item.name),
      unit,
      textTag('ЦенаЗаЕдиницу', amountText(item.price, digits)),
      textTag('Количество', `${item.quantity}.00`),
      textTag('Сумма', amountText(item.price * BigInt(item.quantity), digits)),
    ),
  );
  return tag('Товары', ...lines);
}

function statusRequisites(order: ExchangeOrder): Record<string, string> {
  const [code, name] = statuses[order.deal.group];
  return {
    'Метод оплаты': 'Банковской картой на сайте',
    'Заказ оплачен': String(order.payments.some((payment) => payment.amount > 0n)),
    Отменен: String(code === 'C'),
    'Финальный статус': String(code === 'F'),
    'Статус заказа': `[${code}] ${name}`,
    'Статуса заказа ИД': code,
  };
}

/** One document of version 2.05: its payments are subordinate documents. */
function document205(order: ExchangeOrder): string {
  const { deal } = order;
  const unit = '<БазоваяЕдиница Код="796" НаименованиеПолное="Штука" МеждународноеСокращение="PCE">шт</БазоваяЕдиница>';
  const attached = order.payments.map((payment) =>
    tag(
      'ПодчиненныйДокумент',
      textTag('Ид', payment.documentId),
      textTag('Номер', payment.number),
      dayAndTime(payment.at),
      textTag('ХозОперация', operationOf(payment)),
      textTag('Роль', 'Продавец'),
      textTag('Валюта', 'руб'),
      textTag('Сумма', amountText(absolute(payment.amount), 2)),
      requisites({ ПометкаУдаления: String(payment.isDeleted), Проведен: String(payment.isPosted) }),
    ),
  );
  return tag(
    'Документ',
    textTag('Ид', deal.orderId),
    textTag('Номер', deal.orderId),
    dayAndTime(deal.createdAt),
    textTag('ХозОперация', 'Заказ товара'),
    textTag('Роль', 'Продавец'),
    textTag('Валюта', 'руб'),
    textTag('Курс', '1'),
    textTag('Сумма', amountText(deal.amount, 4)),
    counterparty(order),
    goods(order, unit, 4),
    attached.length > 0 ? tag('ПодчиненныеДокументы', ...attached) : '',
    requisites(statusRequisites(order)),
  );
}

/** One container of version 3.1: order and payments side by side; every other payment names its order, the rest only lie beside it. */
function container31(order: ExchangeOrder): string {
  const { deal } = order;
  const own = tag(
    'Документ',
    textTag('Ид', deal.orderId),
    textTag('Номер', deal.orderId),
    dayAndTime(deal.createdAt),
    textTag('ХозОперация', 'Заказ товара'),
    counterparty(order),
    textTag('Валюта', 'RUB'),
    textTag('Курс', '1'),
    textTag('Сумма', amountText(deal.amount, 2)),
    '<Основание></Основание>',
    textTag('Роль', 'Продавец'),
    goods(order, '<БазоваяЕдиница>796 </БазоваяЕдиница>', 2),
    requisites(statusRequisites(order)),
  );
  const payments = order.payments.map((payment, index) =>
    tag(
      'Документ',
      textTag('Ид', payment.documentId),
      textTag('Номер', payment.number),
      dayAndTime(payment.at),
      textTag('ХозОперация', operationOf(payment)),
      textTag('ПометкаУдаления', String(payment.isDeleted)),
      textTag('Валюта', 'RUB'),
      textTag('Курс', '1'),
      textTag('Сумма', amountText(absolute(payment.amount), 2)),
      textTag('Основание', index % 2 === 0 ? '' : deal.orderId),
      textTag('Роль', 'Продавец'),
      requisites({ Проведен: String(payment.isPosted) }),
    ),
  );
  return tag('Контейнер', own, ...payments);
}

/** A whole file of version 2.05, to be written in windows-1251. */
export function file205(orders: readonly ExchangeOrder[], madeAt: number): string {
  const formats =
    'ФорматДаты="ДФ=yyyy-MM-dd; ДЛФ=DT" ФорматВремени="ДФ=ЧЧ:мм:сс; ДЛФ=T" РазделительДатаВремя="T" ФорматСуммы="ЧЦ=18; ЧДЦ=2; ЧРД=." ФорматКоличества="ЧЦ=18; ЧДЦ=2; ЧРД=."';
  return `<?xml version="1.0" encoding="windows-1251"?>
<КоммерческаяИнформация ВерсияСхемы="2.05" ДатаФормирования="${moscowText(madeAt)}" ${formats}>
${orders.map(document205).join('\n')}
</КоммерческаяИнформация>
`;
}

/** A whole file of version 3.1 in UTF-8 with a byte order mark. */
export function file31(orders: readonly ExchangeOrder[], madeAt: number): string {
  return `\ufeff<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_3" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ВерсияСхемы="3.1" ДатаФормирования="${moscowText(madeAt)}">
${orders.map(container31).join('\n')}
</КоммерческаяИнформация>
`;
}
