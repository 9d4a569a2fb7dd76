import { describe, expect, test } from 'vitest';
import { dealsOf, file, fixture, importBytes, importFile, order, requisites } from './exchange.ts';

/** What 1C sends back about order 500: neither sum nor goods. */
const answer = (marks: Readonly<Record<string, string>>): string =>
  `<Документ><Ид>500</Ид><Номер>500</Номер><Дата>2026-01-10</Дата><ХозОперация>Заказ товара</ХозОперация><Роль>Продавец</Роль>${requisites(marks)}</Документ>`;

describe('orders of CommerceML 2', () => {
  test('an order of a site becomes a deal with its client, lines and status', async () => {
    const imported = await importFile(fixture('site-orders-2.05.xml'));
    expect(imported.problems).toEqual([]);
    expect(dealsOf(imported)).toEqual([
      {
        source: 'onec',
        id: '10231',
        role: 'accounting',
        order_id: '10231',
        created_at: '2026-01-10T11:02:11.000Z',
        amount: '15490',
        currency: 'RUB',
        status: 'won',
        stage: 'F',
        status_name: 'Выполнен',
        closed_at: '2026-01-11T15:45:21.000Z',
        client: { id: '311', phone: '8 (912) 000-11-22', email: 'Anna@Example.com' },
        fields: { 'Метод оплаты': 'Картой на сайте' },
        items: [
          { product_id: 'ORDER_DELIVERY', name: 'Доставка заказа', quantity: '1', price: '490', category: 'delivery' },
          {
            product_id: '6a1f0c52-0000-4000-8000-000000000001#6a1f0c52-0000-4000-8000-000000000002',
            name: 'Кресло «Уют»',
            quantity: '2',
            price: '7500',
          },
        ],
      },
    ]);
  });

  test('the status and the instant of its change are a step of the stage history', async () => {
    const imported = await importFile(fixture('site-orders-2.05.xml'));
    expect(imported.records.find((item) => item.entity === 'stage')?.input).toEqual({
      source: 'onec',
      id: '10231:2026-01-11T15:45:21.000Z',
      deal_id: '10231',
      entered_at: '2026-01-11T15:45:21.000Z',
      stage: 'F',
      stage_name: 'Выполнен',
      status: 'won',
    });
  });

  test('an answer of 1C without sum and goods makes no deal, so it cannot set an order to nothing', async () => {
    const imported = await importFile(fixture('onec-reply-2.03.xml'));
    expect(imported.records).toEqual([
      {
        entity: 'stage',
        input: {
          source: 'onec',
          id: '10231:2026-01-15T06:00:00.000Z',
          deal_id: '10231',
          entered_at: '2026-01-15T06:00:00.000Z',
          stage: 'Отгружен',
          stage_name: 'Отгружен',
          status: 'won',
          tells_deal: true,
        },
      },
      {
        entity: 'stage',
        input: {
          source: 'onec',
          id: '10232:2026-01-14T09:00:00.000Z',
          deal_id: '10232',
          entered_at: '2026-01-14T09:00:00.000Z',
          stage: 'Отменен',
          stage_name: 'Отменен',
          status: 'lost',
          tells_deal: true,
        },
      },
    ]);
    expect(imported.result).toMatchObject({ documents: 2, patches: 2, deals: 0, problems: 0 });
  });

  test.each([
    [{ Отменен: 'true' }, 'lost'],
    [{ ПометкаУдаления: 'true' }, 'excluded'],
    [{ Проведен: 'true' }, 'open'],
  ])('an answer of 1C that names no status but says %o tells the group alone', async (marks, status) => {
    const { records } = await importBytes(file(answer(marks as Record<string, string>)));
    expect(records).toMatchObject([{ entity: 'stage', input: { stage: '', status, tells_deal: true } }]);
  });

  test('an answer of 1C about a status of which neither it nor its file tells the instant is a problem', async () => {
    const imported = await importBytes(file(answer({ Отменен: 'true' }), ''));
    expect(imported.records).toEqual([]);
    expect(imported.problems[0]?.detail).toContain('ДатаФормирования');
  });

  test('statuses told by answers, payments taken back and orders not paid are counted, each by itself', async () => {
    const counts = { deals: 0, payments: 0, statuses: 0, takenBack: 0, unpaid: 0 };
    const answered = await importBytes(file(answer({ Отменен: 'true', 'Заказ оплачен': 'false' })));
    expect(answered.result).toMatchObject({ ...counts, statuses: 1, unpaid: 1 });
    const beside = await importBytes(
      file(
        `<Документ><Ид>p</Ид><Дата>2026-01-10</Дата><ХозОперация>Выплата безналичных денег</ХозОперация>${requisites({ Проведен: 'false' })}</Документ>`,
      ),
    );
    expect(beside.result).toMatchObject({ ...counts, takenBack: 1 });
    const dated = { 'Статус заказа': 'Отгружен', 'Дата изменения статуса': '2026-01-15 09:00:00' };
    const whole = await importBytes(file(order(requisites(dated))));
    expect(whole.result).toMatchObject({ ...counts, deals: 1 });
  });

  test('an answer with a zero sum and no goods is the same kind of answer', async () => {
    const imported = await importBytes(file(order('', { Сумма: '0.00' })));
    expect(imported.records).toEqual([]);
    expect(imported.result.patches).toBe(1);
  });

  test.each([
    ['Доставлен', 'won'],
    ['[F] Выполнен', 'won'],
    ['Отгружен', 'won'],
    ['Отменен', 'lost'],
    ['Отменён', 'lost'],
    ['Возвращен', 'lost'],
    ['Не согласован', 'open'],
    ['Ожидает обработки', 'open'],
  ])('the status «%s» is %s', async (name, status) => {
    const imported = await importBytes(file(order(requisites({ СтатусЗаказа: name }))));
    expect(dealsOf(imported)[0]?.status).toBe(status);
  });

  test.each([
    [{ ПометкаУдаления: 'true', 'Статус заказа': 'Выполнен' }, 'excluded'],
    [{ Проведен: 'false' }, 'excluded'],
    [{ Отменен: 'true', 'Статус заказа': '[F] Выполнен' }, 'lost'],
    [{ 'Финальный статус': 'true', 'Статус заказа': '[Z] Закончено' }, 'won'],
  ])('the marks %o make the order %s, whatever its status is called', async (marks, status) => {
    const imported = await importBytes(file(order(requisites(marks as Record<string, string>))));
    expect(dealsOf(imported)[0]).toMatchObject({ status, amount: '1000' });
  });

  test('groups of the settings come before the usual names, by name or by code', async () => {
    const status_groups = { 'готов к выдаче': 'won', F: 'open' } as const;
    const imported = await importBytes(
      file(
        order(requisites({ 'Статус заказа': 'Готов к выдаче' })) +
          order(requisites({ 'Статус заказа': '[F] Выполнен' }), { Ид: '501' }),
      ),
      { status_groups },
    );
    expect(dealsOf(imported).map((deal) => deal.status)).toEqual(['won', 'open']);
  });

  test('an order born in 1C has no number of the shop, unless its number in 1C is told apart', async () => {
    const guid = '3aeb20a7-3eea-11e2-86fd-00e0529ce6ff';
    const born = order('', { Ид: guid, Номер: 'ММ92' });
    const same = order(requisites({ 'Номер по 1С': 'ММ92' }), { Ид: guid, Номер: 'ММ92' });
    const other = order(requisites({ 'Номер по 1С': 'ММ92' }), { Ид: guid, Номер: '10231' });
    const imported = await importBytes(file(born + same + other));
    expect(dealsOf(imported).map((deal) => deal.order_id)).toEqual([undefined, undefined, '10231']);
  });

  test.each([
    ['number', 'ММ92'],
    ['id', '3aeb20a7-3eea-11e2-86fd-00e0529ce6ff'],
    ['номер заказа на САЙТЕ', '777'],
  ])('the setting order_number %s takes the number from there', async (order_number, expected) => {
    const inside = requisites({ НомерЗаказаНаСайте: '777' });
    const imported = await importBytes(
      file(order(inside, { Ид: '3aeb20a7-3eea-11e2-86fd-00e0529ce6ff', Номер: 'ММ92' })),
      { order_number },
    );
    expect(dealsOf(imported)[0]?.order_id).toBe(expected);
  });

  test('a counterparty that stands for many people is no client, its phone is', async () => {
    const imported = await importFile(fixture('container-3.1.xml'));
    expect(dealsOf(imported)[0]?.client).toEqual({ phone: '+7 912 000-33-44' });
  });

  test('a counterparty named in shared_clients is no client either', async () => {
    const party =
      '<Контрагенты><Контрагент><Ид>1#guest#</Ид><Наименование>Сайт</Наименование></Контрагент></Контрагенты>';
    expect(dealsOf(await importBytes(file(order(party))))[0]?.client).toEqual({ id: '1' });
    expect(dealsOf(await importBytes(file(order(party)), { shared_clients: ['1'] }))[0]?.client).toBeUndefined();
  });

  test.each(['0#guest#Гость', '00000000-0000-0000-0000-000000000000', '#guest#'])(
    'the counterparty %s is nobody',
    async (id) => {
      const party = `<Контрагенты><Контрагент><Ид>${id}</Ид><Наименование>Сайт</Наименование></Контрагент></Контрагенты>`;
      expect(dealsOf(await importBytes(file(order(party))))[0]?.client).toBeUndefined();
    },
  );

  test('a purchase from a supplier is not a sale', async () => {
    const imported = await importBytes(file(order('', { Роль: 'Покупатель' })));
    expect(imported.records).toEqual([]);
    expect(imported.result).toMatchObject({ documents: 1, skipped: 1 });
  });

  test('sums with spaces and commas and currencies as 1C spells them are read', async () => {
    const imported = await importBytes(file(order('', { Сумма: '23 000,50', Валюта: '643' })));
    expect(dealsOf(imported)[0]).toMatchObject({ amount: '23000.5', currency: 'RUB' });
  });

  test('a currency that is not understood is a problem with its place, and the next order is taken', async () => {
    const imported = await importBytes(
      file(`${order('', { Валюта: 'тугрики' })}\n${order('', { Ид: '501', Номер: '501' })}`),
    );
    expect(imported.problems).toEqual([
      {
        reason: 'bad_document',
        place: 'orders.xml:3, document 500',
        detail: 'Валюта «тугрики» is not a currency; write its ISO code, such as RUB',
      },
    ]);
    expect(dealsOf(imported).map((deal) => deal.id)).toEqual(['501']);
  });

  test('clocks of the file are read in the zone of the source', async () => {
    const imported = await importBytes(file(order()), { timezone: 'Asia/Yekaterinburg' });
    expect(dealsOf(imported)[0]?.created_at).toBe('2026-01-10T07:00:00.000Z');
    expect(imported.rows[0]?.mapped).toMatchObject({ versionAt: '2026-01-12T12:03:19.000Z' });
  });

  test('an order of CommerceML 1 is refused with its version and the cure', async () => {
    const document = '<Документ Дата="2012-12-06" Номер="14247" ХозОперация="Sale" Сумма="22487.27"></Документ>';
    const { result } = await importBytes(file(document, ''));
    expect(result.failed).toMatchObject({ reason: 'commerceml_1', place: 'orders.xml:3' });
    expect(result.failed?.detail).toMatch(/1C 7\.7.*CommerceML 2\.03 or newer/);
  });

  test('a catalogue is acknowledged and said to be ignored', async () => {
    const { result, rows } = await importFile(fixture('catalogue-2.07.xml'));
    expect(rows).toEqual([]);
    expect(result).toMatchObject({ ignored: 'catalogue files are not read yet', problems: 0 });
  });
});
