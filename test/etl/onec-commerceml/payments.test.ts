import { describe, expect, test } from 'vitest';
import { file, fixture, importBytes, importFile, order, paymentsOf, requisites } from './exchange.ts';

const paid = { 'Заказ оплачен': 'true', 'Дата оплаты': '2026-01-10 15:44:47', 'Номер платежного документа': 'ТК26' };
const orderGuid = 'bce8cd28-0000-4000-8000-0000000000a1';

const attached = (fields: Readonly<Record<string, string>>, inside = ''): string =>
  `<ПодчиненныеДокументы><ПодчиненныйДокумент>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}${inside}</ПодчиненныйДокумент></ПодчиненныеДокументы>`;

/** What 1C answers about an order: neither sum nor goods. */
const answer = (told: Readonly<Record<string, string>>): string =>
  `<Документ><Ид>500</Ид><Номер>500</Номер><Дата>2026-01-10</Дата><ХозОперация>Заказ товара</ХозОперация><Роль>Продавец</Роль>${requisites(told)}</Документ>`;

describe('payments told by requisites', () => {
  test('a paid order without payment documents is one payment of the whole order', async () => {
    expect(paymentsOf(await importFile(fixture('site-orders-2.05.xml')))).toEqual([
      {
        source: 'onec',
        id: '10231:paid',
        deal_id: '10231',
        order_id: '10231',
        paid_at: '2026-01-10T12:44:47.000Z',
        amount: '15490',
        currency: 'RUB',
        method: 'Картой на сайте',
        document: 'ТК000000026',
        implied: true,
      },
    ]);
  });

  test('a corrected date mends the payment instead of making a second one', async () => {
    const later = { ...paid, ДатаОплаты: '2026-01-11 09:00:00', 'Дата оплаты': '' };
    const [before] = paymentsOf(await importBytes(file(order(requisites(paid)))));
    const [after] = paymentsOf(await importBytes(file(order(requisites(later)))));
    expect(after).toMatchObject({ id: before?.id, paid_at: '2026-01-11T06:00:00.000Z' });
  });

  test('an order that is no longer paid takes its payment back', async () => {
    const [payment] = paymentsOf(await importBytes(file(order(requisites({ 'Заказ оплачен': 'false' })))));
    expect(payment).toMatchObject({ id: '500:paid', cancelled: true });
  });

  test('an order cancelled after it was paid keeps its payment: «Отменен» is about the order, not about its money', async () => {
    const [whole] = paymentsOf(await importBytes(file(order(requisites({ ...paid, Отменен: 'true' })))));
    expect(whole).toMatchObject({ id: '500:paid', amount: '1000' });
    expect(whole).not.toHaveProperty('cancelled');
    const [answered] = paymentsOf(await importBytes(file(answer({ ...paid, Отменен: 'true' }))));
    expect(answered).toMatchObject({ id: '500:paid', implied: true });
    expect(answered).not.toHaveProperty('cancelled');
  });

  test.each([{ Проведен: 'false' }, { ПометкаУдаления: 'true' }])(
    'an order with %o takes its payment back, and needs no date of payment for that',
    async (marks) => {
      const taken = { 'Заказ оплачен': 'true', ...(marks as Record<string, string>) };
      const imported = await importBytes(file(order(requisites(taken))));
      expect(imported.problems).toEqual([]);
      expect(paymentsOf(imported)).toMatchObject([{ id: '500:paid', cancelled: true }]);
    },
  );

  test('a paid order without a date of payment is a problem, not a payment at a guessed time', async () => {
    const imported = await importBytes(file(order(requisites({ 'Заказ оплачен': 'true' }))));
    expect(paymentsOf(imported)).toEqual([]);
    expect(imported.problems[0]?.detail).toContain('«Дата оплаты» is missing');
    expect(imported.result.deals).toBe(1);
  });

  test('an answer of 1C without a sum implies a payment as large as its order', async () => {
    const told = {
      'Заказ оплачен': 'true',
      'Дата оплаты по 1С': '2026-01-11 10:00:00',
      'Статус заказа': '[F] Доставлен',
    };
    const imported = await importBytes(file(answer(told)));
    expect(imported.problems).toEqual([]);
    expect(paymentsOf(imported)).toEqual([
      {
        source: 'onec',
        id: '500:paid',
        deal_id: '500',
        order_id: '500',
        paid_at: '2026-01-11T07:00:00.000Z',
        implied: true,
      },
    ]);
  });

  test('the empty date of 1C is no date', async () => {
    const imported = await importBytes(file(order(requisites({ ...paid, 'Дата оплаты': '0001-01-01T00:00:00' }))));
    expect(imported.result).toMatchObject({ payments: 0, problems: 1 });
  });
});

describe('payments told by attached documents', () => {
  test.each([
    ['Выплата наличных денег', '400', 'cash'],
    ['ВыплатаБезналичныхДенег', '400', 'bank'],
    ['Эквайринговая операция', '400', 'card'],
    ['Возврат наличных денег', '-400', 'cash'],
    ['Возврат безналичных денег', '-400', 'bank'],
  ])('«%s» of 400 is a movement of %s by %s', async (operation, amount, method) => {
    const document = attached({
      Ид: 'p1',
      Номер: '17',
      Дата: '2026-01-11',
      Время: '10:00:00',
      ХозОперация: operation,
      Сумма: '400.00',
    });
    expect(paymentsOf(await importBytes(file(order(document))))).toEqual([
      {
        source: 'onec',
        id: 'p1:500',
        deal_id: '500',
        order_id: '500',
        paid_at: '2026-01-11T07:00:00.000Z',
        amount,
        currency: 'RUB',
        method,
        document: '17',
        part_of: 'p1',
      },
    ]);
  });

  test.each(['Отпуск товара', 'Возврат товара'])('«%s» moves goods, not money', async (operation) => {
    const document = attached({ Ид: 's1', Номер: '9', Дата: '2026-01-11', ХозОперация: operation, Сумма: '1000.00' });
    expect(paymentsOf(await importBytes(file(order(document))))).toEqual([]);
  });

  test('with payment documents the mark «Заказ оплачен» implies a payment, which counts only without them, and needs no date', async () => {
    const document = attached({
      Ид: 'p1',
      Номер: '17',
      Дата: '2026-01-11',
      ХозОперация: 'Выплата наличных денег',
      Сумма: '400',
    });
    const payments = paymentsOf(await importBytes(file(order(document + requisites(paid)))));
    expect(payments.filter((payment) => payment.implied !== true).map((payment) => payment.amount)).toEqual(['400']);
    expect(payments.find((payment) => payment.id === '500:paid')).toMatchObject({ amount: '1000', implied: true });
    const undated = await importBytes(file(order(document + requisites({ 'Заказ оплачен': 'true' }))));
    expect(undated.problems).toEqual([]);
    expect(paymentsOf(undated).map((payment) => payment.amount)).toEqual(['400']);
  });

  test.each([{ Проведен: 'false' }, { ПометкаУдаления: 'true' }, { Отменен: 'true' }, { Оплачен: 'false' }])(
    'a payment document with %o is cancelled',
    async (marks) => {
      const document = attached(
        { Ид: 'p1', Номер: '17', Дата: '2026-01-11', ХозОперация: 'Выплата наличных денег', Сумма: '400' },
        requisites(marks as Record<string, string>),
      );
      expect(paymentsOf(await importBytes(file(order(document))))[0]).toMatchObject({ amount: '400', cancelled: true });
    },
  );

  const undatedOrder = requisites({ 'Заказ оплачен': 'true' });
  const documentOf = (operation: string, sum: string, inside = ''): string =>
    attached({ Ид: 'p1', Номер: '17', Дата: '2026-01-11', ХозОперация: operation, Сумма: sum }, inside);

  test.each([
    ['a refund', documentOf('Возврат безналичных денег', '300')],
    ['an unposted payment', documentOf('Выплата безналичных денег', '1000', requisites({ Проведен: 'false' }))],
    ['a payment of nothing', documentOf('Выплата безналичных денег', '0')],
    ['a payment that cannot be read', documentOf('Выплата безналичных денег', 'много')],
  ])('%s does not tell when a paid order was paid', async (_what, document) => {
    const imported = await importBytes(file(order(document + undatedOrder)));
    expect(imported.problems.map(({ detail }) => detail)).toContainEqual(
      expect.stringContaining('«Дата оплаты» is missing'),
    );
    expect(paymentsOf(imported)).not.toContainEqual(expect.objectContaining({ id: '500:paid' }));
  });

  test('a payment document without Ид is known by its order, number and day', async () => {
    const document = attached({ Номер: '17', Дата: '2026-01-11', ХозОперация: 'Выплата наличных денег', Сумма: '400' });
    expect(paymentsOf(await importBytes(file(order(document))))[0]?.id).toBe('500:17:2026-01-11');
  });

  test('a payment document within two orders is a payment for each', async () => {
    const part = (sum: string): string =>
      attached({ Ид: 'p1', Номер: '17', Дата: '2026-01-11', ХозОперация: 'Выплата наличных денег', Сумма: sum });
    const imported = await importBytes(file(order(part('400')) + order(part('600'), { Ид: '501', Номер: '501' })));
    expect(paymentsOf(imported)).toMatchObject([
      { id: 'p1:500', part_of: 'p1', deal_id: '500', amount: '400' },
      { id: 'p1:501', part_of: 'p1', deal_id: '501', amount: '600' },
    ]);
  });

  test('a payment without a sum is a problem and the order stays', async () => {
    const document = attached({ Ид: 'p1', Номер: '17', Дата: '2026-01-11', ХозОперация: 'Выплата наличных денег' });
    const imported = await importBytes(file(order(document)));
    expect(imported.result).toMatchObject({ deals: 1, payments: 0, problems: 1 });
  });
});

describe('payments of a container', () => {
  test('membership links a payment whose Основание is empty, before or after the order, and a refund is negative', async () => {
    const imported = await importFile(fixture('container-3.1.xml'));
    expect(imported.problems).toEqual([]);
    expect(imported.result).toMatchObject({ documents: 5, deals: 1, payments: 2, takenBack: 1, skipped: 1 });
    expect(paymentsOf(imported)).toMatchObject([
      { deal_id: orderGuid, order_id: '4401', amount: '7000', method: 'card', paid_at: '2026-02-01T09:30:00.000Z' },
      { deal_id: orderGuid, order_id: '4401', amount: '-1500.5', currency: 'RUB', method: 'bank' },
      { deal_id: orderGuid, order_id: '4401', amount: '2683.42', method: 'cash', cancelled: true },
    ]);
  });

  test('a refund beside a paid order does not tell when it was paid, a payment does', async () => {
    const beside = (operation: string): string =>
      `<Контейнер>${order(requisites({ 'Заказ оплачен': 'true' }))}<Документ><Ид>p</Ид><Дата>2026-01-15</Дата><ХозОперация>${operation}</ХозОперация><Сумма>300</Сумма><Основание>500</Основание></Документ></Контейнер>`;
    const refunded = await importBytes(file(beside('Возврат безналичных денег')));
    expect(refunded.problems.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('«Дата оплаты» is missing'),
    ]);
    expect(paymentsOf(refunded)).toMatchObject([{ id: 'p', amount: '-300' }]);
    const documented = await importBytes(file(beside('Выплата безналичных денег')));
    expect(documented.problems).toEqual([]);
    expect(paymentsOf(documented)).toMatchObject([{ id: 'p', amount: '300' }]);
  });

  test('with two orders in a container a payment without Основание belongs to neither', async () => {
    const payment =
      '<Документ><Ид>p</Ид><Дата>2026-01-10</Дата><ХозОперация>Эквайринговая операция</ХозОперация><Сумма>5</Сумма></Документ>';
    const container = `<Контейнер>${order()}${order('', { Ид: '501' })}${payment}</Контейнер>`;
    expect(paymentsOf(await importBytes(file(container)))[0]).not.toHaveProperty('deal_id');
  });

  test('a payment that comes in a file before its order names the order by Основание', async () => {
    const payment =
      '<Документ><Ид>p</Ид><Дата>2026-01-10</Дата><ХозОперация>Выплата безналичных денег</ХозОперация><Сумма>5</Сумма><Основание>500</Основание></Документ>';
    expect(paymentsOf(await importBytes(file(payment)))[0]).toMatchObject({ id: 'p', deal_id: '500', amount: '5' });
  });

  test('what our company pays to others is not a payment of a buyer', async () => {
    const payment =
      '<Документ><Ид>p</Ид><Дата>2026-01-10</Дата><Роль>Плательщик</Роль><ХозОперация>Выплата безналичных денег</ХозОперация><Сумма>5</Сумма></Документ>';
    expect((await importBytes(file(payment))).records).toEqual([]);
  });
});
