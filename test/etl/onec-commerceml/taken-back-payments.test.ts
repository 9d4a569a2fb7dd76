import { expect, test } from 'vitest';
import { dealsOf, file, type Imported, importBytes, order, paymentsOf, requisites } from './exchange.ts';

const payment = (inside: string): string =>
  `<Документ><Ид>p1</Ид><Номер>ТК1</Номер><ХозОперация>Эквайринговая операция</ХозОперация><Роль>Продавец</Роль>${inside}</Документ>`;
const container = (inside: string): string => file(`<Контейнер>${order()}${payment(inside)}</Контейнер>`);

test.each([{ ПометкаУдаления: 'true' }, { Проведен: 'false' }])(
  'a payment with %o is cancelled without Сумма, and without a date since its file',
  async (marks) => {
    const dated = await importBytes(container(`<Дата>2026-01-10</Дата>${requisites(marks as Record<string, string>)}`));
    expect(dated.problems).toEqual([]);
    expect(paymentsOf(dated)).toMatchObject([
      { id: 'p1', deal_id: '500', amount: '0', cancelled: true, paid_at: '2026-01-09T21:00:00.000Z' },
    ]);
    const bare = await importBytes(container(requisites(marks as Record<string, string>)));
    expect(paymentsOf(bare)).toMatchObject([{ id: 'p1', cancelled: true, paid_at: '2026-01-12T14:03:19.000Z' }]);
  },
);

test('a payment taken back is cancelled whatever its sum and currency say', async () => {
  const imported = await importBytes(
    container(`<Дата>2026-01-10</Дата><Валюта>у.е.</Валюта><Сумма>?</Сумма>${requisites({ ПометкаУдаления: 'true' })}`),
  );
  expect(imported.problems).toEqual([]);
  expect(paymentsOf(imported)).toMatchObject([{ id: 'p1', amount: '0', currency: 'RUB', cancelled: true }]);
});

const attachedTo = (documents: string): Promise<Imported> =>
  importBytes(file(order(`<ПодчиненныеДокументы>${documents}</ПодчиненныеДокументы>`)));

test('an order with attached documents lists its payments, even none, and they say of which document they are', async () => {
  const document =
    '<ПодчиненныйДокумент><Ид>p1</Ид><Дата>2026-01-10</Дата><ХозОперация>Выплата наличных денег</ХозОперация><Сумма>5</Сумма></ПодчиненныйДокумент>';
  const imported = await attachedTo(document);
  expect(dealsOf(imported)).toMatchObject([{ lists_payments: ['p1:500'] }]);
  expect(paymentsOf(imported)).toMatchObject([{ id: 'p1:500', part_of: 'p1' }]);
  expect(dealsOf(await attachedTo(''))).toMatchObject([{ lists_payments: [] }]);
  const paid = await importBytes(
    file(order(`<ПодчиненныеДокументы/>${requisites({ 'Заказ оплачен': 'true', 'Дата оплаты': '2026-01-10' })}`)),
  );
  expect(dealsOf(paid)).toMatchObject([{ lists_payments: ['500:paid'] }]);
});

test('an order without a list of documents, a payment beside it and a file without an instant list nothing', async () => {
  const beside = await importBytes(container('<Дата>2026-01-10</Дата><Сумма>5</Сумма>'));
  expect(dealsOf(beside)[0]).not.toHaveProperty('lists_payments');
  expect(paymentsOf(beside)[0]).not.toHaveProperty('part_of');
  const undated = await importBytes(file(order('<ПодчиненныеДокументы/>'), ''));
  expect(dealsOf(undated)[0]).not.toHaveProperty('lists_payments');
});
