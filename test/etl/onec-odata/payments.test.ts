import { describe, expect, test } from 'vitest';
import { payments } from '../../../etl/sources/onec-odata/streams.ts';
import { type OnecObject, onecBase } from '../../fixtures/sources/1c-odata/base.ts';
import { bankIncome, emptyGuid, guid, line, tradeBase } from '../../fixtures/sources/1c-odata/shop.ts';
import { paymentsOf, type ReadOptions, readBase } from './read-base.ts';

const income = 'Document_ПоступлениеБезналичныхДенежныхСредств';
const read = (entity: string, objects: readonly OnecObject[], options: ReadOptions = {}) => {
  const base = tradeBase();
  base.put(entity, ...objects);
  return readBase((request) => base.answer(request), payments, options);
};

describe('money documents', () => {
  test('a bank payment of one order is one payment, without the name of the payer', async () => {
    const result = await read(income, [
      bankIncome(101, '2026-01-10T16:20:00', 15490.5, { РасшифровкаПлатежа: [line(1, 15490.5, 1)] }),
    ]);
    expect(paymentsOf(result)).toEqual([
      {
        source: 'onec',
        id: guid(101),
        deal_id: guid(1),
        paid_at: '2026-01-10T13:20:00.000Z',
        amount: '15490.5',
        currency: 'RUB',
        method: 'bank',
        document: 'ТД00-000101',
      },
    ]);
    expect(JSON.stringify(result.rows)).not.toMatch(/Анна|912/);
  });

  test.each([
    ['Document_ОперацияПоПлатежнойКарте', 'ПоступлениеОплатыОтКлиентаПоПлатежнойКарте', '300', 'card'],
    ['Document_ОперацияПоПлатежнойКарте', 'ВозвратОплатыКлиентуНаПлатежнуюКарту', '-300', 'card'],
    ['Document_ПриходныйКассовыйОрдер', 'ПоступлениеОплатыОтКлиента', '300', 'cash'],
    ['Document_РасходныйКассовыйОрдер', 'ВозвратОплатыКлиенту', '-300', 'cash'],
    ['Document_СписаниеБезналичныхДенежныхСредств', 'ВозвратОплатыКлиенту', '-300', 'bank'],
  ])('%s with %s of 300 is %s by %s', async (entity, operation, amount, method) => {
    const document = bankIncome(101, '2026-01-10T16:20:00', 300, {
      ХозяйственнаяОперация: operation,
      РасшифровкаПлатежа: [line(1, 300, 1)],
    });
    expect(paymentsOf(await read(entity, [document]))).toMatchObject([{ amount, method, deal_id: guid(1) }]);
  });

  test.each([
    [income, 'ПоступлениеОплатыПоПлатежнойКарте'],
    [income, 'ВозвратДенежныхСредствОтПоставщика'],
    ['Document_СписаниеБезналичныхДенежныхСредств', 'ОплатаПоставщику'],
    ['Document_СписаниеБезналичныхДенежныхСредств', 'ПоступлениеОплатыОтКлиента'],
  ])('%s with %s is no money of a buyer', async (entity, operation) => {
    const result = await read(entity, [
      bankIncome(101, '2026-01-10T16:20:00', 300, { ХозяйственнаяОперация: operation }),
    ]);
    expect(result.records).toEqual([]);
    expect(result.problems).toEqual([]);
  });

  test.each([{ Posted: false }, { DeletionMark: true }, { ПроведеноБанком: false }])(
    'a document with %o is a cancelled payment',
    async (more) => {
      expect(paymentsOf(await read(income, [bankIncome(101, '2026-01-10T16:20:00', 300, more)]))).toMatchObject([
        { amount: '300', cancelled: true },
      ]);
    },
  );

  test('money that the bank moved on another day counts on that day', async () => {
    const document = bankIncome(101, '2026-01-10T16:20:00', 300, { ДатаПроведенияБанком: '2026-01-12T00:00:00' });
    const dateless = bankIncome(102, '2026-01-10T16:20:00', 300, { ДатаПроведенияБанком: '0001-01-01T00:00:00' });
    expect(paymentsOf(await read(income, [document, dateless])).map((payment) => payment.paid_at)).toEqual([
      '2026-01-11T21:00:00.000Z',
      '2026-01-10T13:20:00.000Z',
    ]);
  });

  test('a document that cannot be read is a problem with its place and the rest is taken', async () => {
    const broken = bankIncome(101, '2026-01-10T16:20:00', 300, { СуммаДокумента: 'много' });
    const result = await read(income, [broken, bankIncome(102, '2026-01-10T16:20:00', 300)]);
    expect(result.problems).toMatchObject([
      { reason: 'invalid_record', place: `${income}.${guid(101)}.СуммаДокумента` },
    ]);
    expect(paymentsOf(result)).toHaveLength(1);
  });
});

describe('the orders of a payment', () => {
  test('a document that pays several orders is a payment for each line', async () => {
    const document = bankIncome(101, '2026-01-10T16:20:00', 0.3, {
      РасшифровкаПлатежа: [line(1, 0.1, 1), line(2, 0.2, 2)],
    });
    const result = await read(income, [document]);
    expect(paymentsOf(result)).toMatchObject([
      { id: `${guid(101)}:1`, deal_id: guid(1), amount: '0.1' },
      { id: `${guid(101)}:2`, deal_id: guid(2), amount: '0.2' },
    ]);
    expect(result.records).toHaveLength(2);
  });

  test('what the lines leave of the sum is a payment without an order', async () => {
    const document = bankIncome(101, '2026-01-10T16:20:00', 1000, { РасшифровкаПлатежа: [line(1, 999.99, 1)] });
    const parts = paymentsOf(await read(income, [document]));
    expect(parts).toMatchObject([
      { deal_id: guid(1), amount: '999.99' },
      { id: `${guid(101)}:rest`, amount: '0.01' },
    ]);
    expect(parts[1]).not.toHaveProperty('deal_id');
  });

  test('what the lines leave of the sum pays the order that the document is based on', async () => {
    const readBasedOn = async (...lines: readonly OnecObject[]) => {
      const basis = { ДокументОснование: guid(7), ДокументОснование_Type: 'StandardODATA.Document_ЗаказКлиента' };
      const document = bankIncome(101, '2026-01-10T16:20:00', 1000, { ...basis, РасшифровкаПлатежа: lines });
      return paymentsOf(await read(income, [document]));
    };
    expect(await readBasedOn(line(1, 600))).toMatchObject([{ id: guid(101), deal_id: guid(7), amount: '1000' }]);
    expect(await readBasedOn(line(1, 600, 1))).toMatchObject([
      { id: `${guid(101)}:1`, deal_id: guid(1), amount: '600' },
      { id: `${guid(101)}:rest`, deal_id: guid(7), amount: '400' },
    ]);
  });

  test('lines that exceed the document are a problem: its sum is the money that moved, and nothing is given back', async () => {
    const read600twice = (...orders: readonly [number, number]) => {
      const lines = orders.map((order, index) => line(index + 1, 600, order));
      return read(income, [bankIncome(101, '2026-01-10T16:20:00', 1000, { РасшифровкаПлатежа: lines })]);
    };
    const ofTwo = await read600twice(1, 2);
    expect(paymentsOf(ofTwo)).toMatchObject([{ id: guid(101), amount: '1000' }]);
    expect(paymentsOf(ofTwo)[0]).not.toHaveProperty('deal_id');
    expect(ofTwo.problems).toMatchObject([
      { reason: 'invalid_record', detail: expect.stringContaining('add up to more than СуммаДокумента 1000') },
    ]);
    expect(paymentsOf(await read600twice(1, 1))).toMatchObject([{ id: guid(101), deal_id: guid(1), amount: '1000' }]);
  });

  test('several lines of one order are one payment', async () => {
    const document = bankIncome(101, '2026-01-10T16:20:00', 300, {
      РасшифровкаПлатежа: [line(1, 100, 1), line(2, 200, 1)],
    });
    expect(paymentsOf(await read(income, [document]))).toMatchObject([
      { id: guid(101), deal_id: guid(1), amount: '300' },
    ]);
  });

  test('a link to a shipment is not a link to an order', async () => {
    const shipment = {
      ...line(1, 300),
      ОснованиеПлатежа: guid(5),
      ОснованиеПлатежа_Type: 'StandardODATA.Document_РеализацияТоваровУслуг',
    };
    const [payment] = paymentsOf(
      await read(income, [bankIncome(101, '2026-01-10T16:20:00', 300, { РасшифровкаПлатежа: [shipment] })]),
    );
    expect(payment).not.toHaveProperty('deal_id');
  });

  test('the order that a document is based on stands in when its lines name none', async () => {
    const document = bankIncome(101, '2026-01-10T16:20:00', 300, {
      ДокументОснование: guid(7),
      ДокументОснование_Type: 'StandardODATA.Document_ЗаказКлиента',
      РасшифровкаПлатежа: [line(1, 300)],
    });
    expect(paymentsOf(await read(income, [document]))).toMatchObject([{ deal_id: guid(7) }]);
  });

  test('newer releases lead to the order over the settlement object', async () => {
    const base = tradeBase('settlement');
    base.put(
      'Catalog_ОбъектыРасчетов',
      { Ref_Key: guid(601), Объект: guid(1), Объект_Type: 'StandardODATA.Document_ЗаказКлиента' },
      { Ref_Key: guid(602), Объект: guid(2), Объект_Type: 'StandardODATA.Catalog_ДоговорыКонтрагентов' },
    );
    const documents = [601, 602, 603].map((key) =>
      bankIncome(key + 100, '2026-01-10T16:20:00', 300, {
        РасшифровкаПлатежа: [{ LineNumber: '1', ОбъектРасчетов_Key: guid(key), Сумма: 300, СуммаВзаиморасчетов: 300 }],
      }),
    );
    base.put(
      income,
      ...documents,
      bankIncome(801, '2026-01-10T16:20:00', 1, {
        РасшифровкаПлатежа: [{ LineNumber: '1', ОбъектРасчетов_Key: emptyGuid, Сумма: 1 }],
      }),
    );
    const result = await readBase((request) => base.answer(request), payments);
    expect(paymentsOf(result).map((payment) => payment.deal_id)).toEqual([guid(1), undefined, undefined, undefined]);
  });

  test('БП leads to the order over the invoice, and its card documents know refunds', async () => {
    const header = ['Ref_Key', 'DeletionMark', 'Number', 'Date', 'Posted', 'СуммаДокумента', 'ВидОперации'];
    const breakdown = ['РасшифровкаПлатежа', ['LineNumber', 'СуммаПлатежа', 'СчетНаОплату_Key']] as const;
    const base = onecBase({
      Document_ПоступлениеНаРасчетныйСчет: [...header, breakdown],
      Document_ОплатаПлатежнойКартой: [...header, breakdown],
    });
    const document = (number: number, operation: string): OnecObject => ({
      ...bankIncome(number, '2026-01-10T16:20:00', 300),
      ВидОперации: operation,
      РасшифровкаПлатежа: [{ LineNumber: '1', СуммаПлатежа: 300, СчетНаОплату_Key: guid(1) }],
    });
    base.put(
      'Document_ПоступлениеНаРасчетныйСчет',
      document(101, 'ОплатаПокупателя'),
      document(102, 'ПоступленияОтПродажПоПлатежнымКартамИБанковскимКредитам'),
    );
    base.put('Document_ОплатаПлатежнойКартой', document(103, 'ВозвратПокупателю'));
    expect(paymentsOf(await readBase((request) => base.answer(request), payments))).toMatchObject([
      { id: guid(101), deal_id: guid(1), amount: '300', method: 'bank' },
      { id: guid(103), deal_id: guid(1), amount: '-300', method: 'card' },
    ]);
  });

  test('documents of the settings replace the known ones', async () => {
    const base = onecBase({
      Document_ОплатаЗаказа: ['Ref_Key', 'Number', 'Date', 'Posted', 'СуммаДокумента', 'ВидОперации'],
    });
    base.put('Document_ОплатаЗаказа', { ...bankIncome(101, '2026-01-10T16:20:00', 300), ВидОперации: 'Приход' });
    const documents = [{ name: 'Document_ОплатаЗаказа', fact: 'money', method: 'card', income: ['Приход'] }];
    const result = await readBase((request) => base.answer(request), payments, { settings: { documents } });
    expect(paymentsOf(result)).toMatchObject([{ id: guid(101), amount: '300', method: 'card' }]);
  });
});
