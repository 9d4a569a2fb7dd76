import { expect, test } from 'vitest';
import { dealsOf, file, importBytes, order, paymentsOf, requisites } from './exchange.ts';

const paidAt = (written: string): string => requisites({ 'Заказ оплачен': 'true', 'Дата оплаты': written });

test.each(['9:05:00', '09:05:00', '9:05'])('the time of an order may be printed as %s', async (written) => {
  const [deal] = dealsOf(await importBytes(file(order('', { Время: written }))));
  expect(deal?.created_at).toBe('2026-01-10T06:05:00.000Z');
});

test.each(['10.01.2026 9:05:00', '2026-01-10 9:05:00', '10.01.2026 09:05:00', '2026-01-10T9:05:00'])(
  'the instant of a payment may be printed as %s',
  async (written) => {
    const imported = await importBytes(file(order(paidAt(written))));
    expect(imported.problems).toEqual([]);
    expect(paymentsOf(imported)[0]?.paid_at).toBe('2026-01-10T06:05:00.000Z');
  },
);

test('a file whose ДатаФормирования has a bare hour is as new as it says', async () => {
  const [row] = (await importBytes(file(order(), 'ДатаФормирования="12.01.2026 9:05:00"'))).rows;
  expect(row?.mapped).toMatchObject({ versionAt: '2026-01-12T06:05:00.000Z' });
});

const causeOf = async (documents: string): Promise<string | undefined> =>
  (await importBytes(file(documents))).problems[0]?.detail;

test('what cannot be read is named with its field: the day, the time of day, the day of payment, the day of a status', async () => {
  expect(await causeOf(order('', { Дата: 'soon' }))).toBe('Дата «soon» is not a date');
  expect(await causeOf(order('', { Время: 'noon' }))).toBe('Время «noon» is not a time of day');
  expect(await causeOf(order(paidAt('10 января')))).toBe('«Дата оплаты» «10 января» is not a date');
  const status = requisites({ 'Статус заказа': 'Новый', 'Дата изменения статуса': 'вчера' });
  expect(await causeOf(order(status))).toBe('«Дата изменения статуса» «вчера» is not a date');
});

test('a payment document whose own day cannot be read is told by that day', async () => {
  const payment = (fields: string): string =>
    `<Документ><Ид>p</Ид>${fields}<ХозОперация>Выплата наличных денег</ХозОперация><Сумма>5</Сумма></Документ>`;
  expect(await causeOf(payment('<Дата>2026-01-10</Дата><Время>late</Время>'))).toBe(
    'Время «late» is not a time of day',
  );
  expect(await causeOf(payment('<Дата>2026-02-30</Дата>'))).toBe('Дата «2026-02-30» is not a date');
  expect(await causeOf(payment(''))).toBe('the payment has no Дата');
});

test('an answer whose day of the status cannot be read still tells the status, since its file', async () => {
  const answer = `<Документ><Ид>500</Ид><Номер>500</Номер><ХозОперация>Заказ товара</ХозОперация>${requisites({ 'Статус заказа': '[F] Выполнен', 'Дата изменения статуса': 'вчера' })}</Документ>`;
  const imported = await importBytes(file(answer));
  expect(imported.problems).toHaveLength(1);
  expect(imported.records).toMatchObject([{ entity: 'stage', input: { entered_at: '2026-01-12T14:03:19.000Z' } }]);
});
