import { describe, expect, test } from 'vitest';
import { odataRoot, queryString } from '../../../etl/sources/onec-odata/odata-client.ts';
import { orders } from '../../../etl/sources/onec-odata/streams.ts';
import { onecBase } from '../../fixtures/sources/1c-odata/base.ts';
import { buyer, emptyGuid, guid, order, retailBuyer, tradeBase } from '../../fixtures/sources/1c-odata/shop.ts';
import { dealsOf, readBase } from './read-base.ts';

const readOrders = async (objects: readonly Readonly<Record<string, unknown>>[], settings = {}) => {
  const base = tradeBase();
  base.put('Document_ЗаказКлиента', ...objects);
  return readBase((request) => base.answer(request), orders, { settings });
};

describe('orders of a base', () => {
  test('become deals with client, lines and the number of the shop', async () => {
    const read = await readOrders([
      order(1, '2026-01-10T14:02:11', 22729.17, {
        НомерПоДаннымКлиента: ' № 10231 ',
        Товары: [
          {
            LineNumber: '1',
            Номенклатура_Key: guid(701),
            Характеристика_Key: emptyGuid,
            Количество: 3,
            Цена: 8000,
            Сумма: 22729.17,
            Отменено: false,
          },
          {
            LineNumber: '2',
            Номенклатура_Key: guid(702),
            Характеристика_Key: guid(703),
            Количество: 1,
            Цена: 5,
            Сумма: 5,
            Отменено: true,
          },
        ],
      }),
    ]);
    expect(read.problems).toEqual([]);
    expect(dealsOf(read)).toEqual([
      {
        source: 'onec',
        id: guid(1),
        role: 'accounting',
        order_id: '10231',
        created_at: '2026-01-10T11:02:11.000Z',
        amount: '22729.17',
        currency: 'RUB',
        status: 'open',
        stage: 'КОтгрузке',
        status_name: 'КОтгрузке',
        client: { id: buyer },
        fields: { 'Номер по 1С': 'ТД00-000001' },
        items: [{ product_id: guid(701), quantity: '3', price: '7576.39' }],
      },
    ]);
  });

  test.each([
    ['deleted', { DeletionMark: true, Статус: 'Закрыт' }, 'excluded'],
    ['not posted', { Posted: false }, 'excluded'],
    ['closed', { Статус: 'Закрыт' }, 'won'],
    ['with every line cancelled', { Товары: [{ LineNumber: '1', Отменено: true }] }, 'lost'],
    ['of a status that the settings name', { Статус: 'КОбеспечению' }, 'lost'],
  ])('one that is %s has the right group', async (_what, more, status) => {
    const read = await readOrders([order(1, '2026-01-10T14:02:11', 100, more)], {
      status_groups: { КОбеспечению: 'lost' },
    });
    expect(dealsOf(read)[0]).toMatchObject({ status, amount: '100' });
  });

  test('the number of the shop is taken from the field and by the pattern of the settings', async () => {
    const written = order(1, '2026-01-10T14:02:11', 100, {
      Комментарий: 'Заказ с сайта 777, перезвонить',
      НомерПоДаннымКлиента: '5',
    });
    const settings = { order_number: 'Комментарий', order_number_pattern: 'сайта (\\d+)' };
    expect(dealsOf(await readOrders([written], settings))[0]?.order_id).toBe('777');
    expect(dealsOf(await readOrders([written], { order_number: 'Number' }))[0]?.order_id).toBe('ТД00-000001');
    expect(dealsOf(await readOrders([written], { order_number: 'Комментарий' }))[0]?.order_id).toBeUndefined();
  });

  test('a retail buyer is no person', async () => {
    const read = await readOrders([order(1, '2026-01-10T14:02:11', 100, { Контрагент_Key: retailBuyer })]);
    expect(dealsOf(read)[0]?.client).toBeUndefined();
  });

  test('a currency that the base does not explain is a problem, not roubles', async () => {
    const read = await readOrders([
      order(1, '2026-01-10T14:02:11', 100, { Валюта_Key: guid(999) }),
      order(2, '2026-01-10T14:02:11', 100),
    ]);
    expect(read.problems).toEqual([
      {
        reason: 'invalid_record',
        place: `Document_ЗаказКлиента.${guid(1)}`,
        detail: 'missing or not understood: Валюта',
      },
    ]);
    expect(dealsOf(read)).toHaveLength(1);
  });

  test('only fields that the base has are asked for, and nothing of the buyer is kept', async () => {
    const read = await readOrders([order(1, '2026-01-10T14:02:11', 100, { Комментарий: 'Анна, +7 912 000-11-22' })]);
    expect(JSON.stringify(read.rows)).not.toMatch(/Анна|912/);
    const selects = read.requests.map(({ query }) => query.get('$select') ?? '');
    expect(selects.filter((select) => select.includes('Товары/Количество'))).toHaveLength(1);
    expect(selects.join()).not.toContain('СостояниеЗаказа_Key');
  });

  test('БП keeps its orders as invoices', async () => {
    const fields = [
      'Ref_Key',
      'DeletionMark',
      'Number',
      'Date',
      'Posted',
      'СуммаДокумента',
      'ВалютаДокумента_Key',
      'Контрагент_Key',
    ];
    const base = onecBase({ Document_СчетНаОплатуПокупателю: fields });
    base.put('Document_СчетНаОплатуПокупателю', order(1, '2026-01-10T14:02:11', 150129));
    const read = await readBase((request) => base.answer(request), orders);
    expect(dealsOf(read)[0]).toMatchObject({ id: guid(1), amount: '150129', currency: 'RUB' });
  });
});

describe('pages', () => {
  const dates = [
    '2026-01-02T10:00:00',
    '2026-01-02T10:00:00',
    '2026-01-02T10:00:00',
    '2026-01-02T10:00:00',
    '2026-01-03T10:00:00',
  ];
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => order(n + 1, dates[n % dates.length] ?? '', n + 1));
  const idsOf = (read: Awaited<ReturnType<typeof readBase>>) =>
    dealsOf(read)
      .map((deal) => deal.id)
      .sort();

  test.each([1, 2, 3, 4, 7, 1000])(
    'of %i documents tell each document once, many of one second included',
    async (page_size) => {
      const read = await readOrders(many(23), { page_size });
      expect(idsOf(read)).toEqual(
        many(23)
          .map((object) => object.Ref_Key)
          .sort(),
      );
    },
  );

  test('lose nothing when a document appears before the place of reading', async () => {
    const base = tradeBase();
    base.put('Document_ЗаказКлиента', ...many(10));
    let isAdded = false;
    const read = await readBase(
      (request) => {
        const reply = base.answer(request);
        if (request.query.get('$select')?.includes('Товары') && !isAdded) {
          isAdded = true;
          base.put('Document_ЗаказКлиента', order(99, '2026-01-01T00:00:00', 1));
        }
        return reply;
      },
      orders,
      { settings: { page_size: 3 } },
    );
    expect(isAdded).toBe(true);
    expect(idsOf(read)).toEqual(
      many(10)
        .map((object) => object.Ref_Key)
        .sort(),
    );
  });

  test('Cyrillic and spaces are percent-encoded, without a plus', () => {
    const query = {
      select: ['Ref_Key', 'Товары/Цена'],
      filter: "Date ge datetime'2026-01-01T00:00:00'",
      top: 5,
      skip: 0,
    };
    expect(queryString(query)).toBe(
      "$format=json&$select=Ref_Key%2C%D0%A2%D0%BE%D0%B2%D0%B0%D1%80%D1%8B%2F%D0%A6%D0%B5%D0%BD%D0%B0&$filter=Date%20ge%20datetime'2026-01-01T00%3A00%3A00'&$top=5",
    );
  });
});

test.each([
  'http://1c.example/shop',
  'http://1c.example/shop/',
  'http://1c.example/shop/odata/standard.odata',
  'http://1c.example/shop/odata/standard.odata/',
])('the address %s leads to the interface', (address) => {
  expect(odataRoot(address)).toBe('http://1c.example/shop/odata/standard.odata');
});
