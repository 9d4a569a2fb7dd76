import { describe, expect, test } from 'vitest';
import { orders, payments } from '../../../etl/sources/onec-odata/streams.ts';
import type { OnecObject } from '../../fixtures/sources/1c-odata/base.ts';
import { bankIncome, guid, line, order, tradeBase } from '../../fixtures/sources/1c-odata/shop.ts';
import { dealsOf, paymentsOf, type ReadOptions, readBase } from './read-base.ts';

const orderEntity = 'Document_ЗаказКлиента';
const incomeEntity = 'Document_ПоступлениеБезналичныхДенежныхСредств';

/** A base whose answers about an entity hold these values and nothing else. */
const answering = (entity: string, value: readonly unknown[], options: ReadOptions = {}) => {
  const base = tradeBase();
  return readBase(
    (request) => (request.path.endsWith(entity) ? { body: { value } } : base.answer(request)),
    entity === orderEntity ? orders : payments,
    options,
  );
};

const orderLine = (fields: OnecObject): OnecObject => ({
  LineNumber: '1',
  Номенклатура_Key: guid(701),
  Характеристика_Key: null,
  Количество: 2,
  Цена: 50,
  Сумма: 100,
  СуммаСНДС: null,
  Отменено: null,
  ...fields,
});

const withNull = (object: OnecObject, fields: readonly string[]): OnecObject => ({
  ...object,
  ...Object.fromEntries(fields.map((field) => [field, null])),
});

describe('null in a field', () => {
  test.each([
    'DeletionMark',
    'Posted',
    'Number',
    'Статус',
    'Валюта_Key',
    'Контрагент_Key',
    'Партнер_Key',
    'НомерПоДаннымКлиента',
    'Товары',
  ])('of an order that can do without it (%s) means the same as no field', async (field) => {
    const full = order(1, '2026-01-10T14:00:00', 100);
    const { [field]: _left, ...without } = full;
    const read = await answering(orderEntity, [withNull(full, [field])]);
    expect(read.problems).toEqual([]);
    expect(dealsOf(read)).toHaveLength(1);
    expect(dealsOf(read)).toEqual(dealsOf(await answering(orderEntity, [without])));
  });

  test('of the lines of an order means that the line does not say', async () => {
    const lines = [
      orderLine({}),
      orderLine({ LineNumber: null, Номенклатура_Key: null, Количество: null, Цена: null }),
    ];
    const read = await answering(orderEntity, [order(1, '2026-01-10T14:00:00', 100, { Товары: lines })]);
    expect(read.problems).toEqual([]);
    expect(dealsOf(read)[0]?.items).toEqual([{ product_id: guid(701), quantity: '2', price: '50' }, {}]);
  });

  test.each([
    'DeletionMark',
    'Posted',
    'Number',
    'ХозяйственнаяОперация',
    'ПроведеноБанком',
    'ДатаПроведенияБанком',
    'ДокументОснование',
    'ДокументОснование_Type',
    'Валюта_Key',
    'РасшифровкаПлатежа',
  ])('of a payment that can do without it (%s) means the same as no field', async (field) => {
    const full = bankIncome(101, '2026-01-10T16:20:00', 100, { РасшифровкаПлатежа: [line(1, 100, 1)] });
    const { [field]: _left, ...without } = full;
    const read = await answering(incomeEntity, [withNull(full, [field])]);
    expect(read.problems).toEqual([]);
    expect(paymentsOf(read)).toHaveLength(1);
    expect(paymentsOf(read)).toEqual(paymentsOf(await answering(incomeEntity, [without])));
  });

  test('of the lines of a payment leaves the line its money and its place', async () => {
    const lines = [
      { ...line(1, 40, 1), ОснованиеПлатежа: null, ОснованиеПлатежа_Type: null },
      { ...line(2, 60), LineNumber: null, Заказ: null, Заказ_Type: null },
    ];
    const read = await answering(incomeEntity, [
      bankIncome(101, '2026-01-10T16:20:00', 100, { РасшифровкаПлатежа: lines }),
    ]);
    expect(read.problems).toEqual([]);
    expect(paymentsOf(read).map(({ id, amount, deal_id }) => [id, amount, deal_id])).toEqual([
      [`${guid(101)}:1`, '40', guid(1)],
      [`${guid(101)}:2`, '60', undefined],
    ]);
  });

  test.each([
    ['Ref_Key', `${orderEntity}.Ref_Key`],
    ['Date', `${orderEntity}.${guid(1)}.Date`],
    ['СуммаДокумента', `${orderEntity}.${guid(1)}`],
  ])('that nothing can do without (%s) refuses its document alone', async (field, place) => {
    const broken = withNull(order(1, '2026-01-10T14:00:00', 100), [field]);
    const read = await answering(orderEntity, [broken, order(2, '2026-01-10T14:00:00', 100)]);
    expect(read.problems.map((problem) => problem.place)).toEqual([place]);
    expect(dealsOf(read).map(({ id }) => id)).toEqual([guid(2)]);
  });
});

describe('something else in the place of a document', () => {
  test.each([
    [orderEntity, order(1, '2026-01-10T14:00:00', 100)],
    [incomeEntity, bankIncome(1, '2026-01-10T14:00:00', 100)],
  ])('of %s is refused alone, and the refusal says what came', async (entity, document) => {
    const read = await answering(entity, [null, 'Смирнова Анна', document, ['list'], 7]);
    expect(read.problems.map(({ place, detail }) => `${place}: ${detail}`)).toEqual(
      ['null', 'a text', 'a list', 'a number'].map((came) => `${entity}: expected a document, ${came} came`),
    );
    expect(read.records.map(({ input }) => 'id' in input && input.id)).toEqual([guid(1)]);
    expect(JSON.stringify(read.rows)).not.toContain('Анна');
  });

  test('of a line refuses the document of the line and says where', async () => {
    const document = order(1, '2026-01-10T14:00:00', 100, { Товары: [orderLine({}), null] });
    const read = await answering(orderEntity, [document, order(2, '2026-01-10T14:00:00', 100)]);
    expect(read.problems.map((problem) => problem.place)).toEqual([`${orderEntity}.${guid(1)}.Товары.1`]);
    expect(dealsOf(read).map(({ id }) => id)).toEqual([guid(2)]);
  });

  test('of a line of a payment refuses the payment, and those beside it are taken', async () => {
    const read = await answering(incomeEntity, [
      bankIncome(101, '2026-01-10T16:20:00', 100, { РасшифровкаПлатежа: [null] }),
      bankIncome(102, '2026-01-10T16:20:00', 100, { РасшифровкаПлатежа: [line(1, 100, 1)] }),
    ]);
    expect(read.problems.map((problem) => problem.place)).toEqual([
      `${incomeEntity}.${guid(101)}.РасшифровкаПлатежа.0`,
    ]);
    expect(paymentsOf(read).map(({ id }) => id)).toEqual([guid(102)]);
  });

  test('of a line of a payment is no settlement to look up', async () => {
    const base = tradeBase('settlement');
    const document = bankIncome(101, '2026-01-10T16:20:00', 100, { РасшифровкаПлатежа: [null] });
    const read = await readBase(
      (request) => (request.path.endsWith(incomeEntity) ? { body: { value: [document] } } : base.answer(request)),
      payments,
    );
    expect(read.problems).toHaveLength(1);
  });

  test('of an entry of a catalogue is passed over', async () => {
    const base = tradeBase();
    base.put(orderEntity, order(1, '2026-01-10T14:00:00', 100));
    const read = await readBase((request) => {
      const reply = base.answer(request);
      if (!request.path.includes('Catalog_')) return reply;
      const { value } = reply.body as { value: OnecObject[] };
      return { ...reply, body: { value: [null, ...value] } };
    }, orders);
    expect(dealsOf(read)).toMatchObject([{ id: guid(1), currency: 'RUB' }]);
  });
});

describe('a base that answers every request with its first page', () => {
  const stuckOn = (value: readonly OnecObject[], page_size: number) => {
    const base = tradeBase();
    let answers = 0;
    return readBase(
      (request) => {
        if (!request.path.endsWith(orderEntity)) return base.answer(request);
        answers += 1;
        return answers > 20 ? { status: 400, body: 'read for ever' } : { body: { value: value.slice(0, page_size) } };
      },
      orders,
      { settings: { page_size } },
    ).then(
      () => Promise.reject(new Error('the reading went well')),
      (error) => error,
    );
  };

  test.each([
    ['of one second', ['2026-01-10T14:00:00', '2026-01-10T14:00:00']],
    ['of several seconds', ['2026-01-10T14:00:00', '2026-01-10T14:00:05']],
    ['without a date', ['', '']],
  ])('%s is an error that names the documents and the cure, not an endless reading', async (_what, dates) => {
    const error = await stuckOn(
      dates.map((date, index) => order(index + 1, date, 100)),
      2,
    );
    expect(error).toMatchObject({ name: 'SourceError', kind: 'bad_data' });
    expect(error.message).toContain(orderEntity);
    expect(error.message).toContain('$skip');
    expect(error.message).toContain('page_size');
  });
});
