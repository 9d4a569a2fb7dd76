import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OnecBase } from '../../fixtures/sources/1c-odata/base.ts';
import { bankIncome, guid, line, order, tradeBase } from '../../fixtures/sources/1c-odata/shop.ts';
import { type FakeVendor, startFakeVendor } from '../../support/fake-vendor.ts';
import { configured, onlyStreams, type PullWorld } from '../../support/pull-world.ts';
import { usePullWorlds } from '../../support/use-pull-worlds.ts';

const here = usePullWorlds('2026-01-11T12:00:00Z');
const income = 'Document_ПоступлениеБезналичныхДенежныхСредств';
const orderEntity = 'Document_ЗаказКлиента';
const day = '2026-01-10T16:20:00';

let world: PullWorld;
let base: OnecBase;
let vendor: FakeVendor;
beforeEach(async () => {
  ({ world } = here());
  base = tradeBase();
  vendor = await startFakeVendor((request) => base.answer(request));
});
afterEach(() => vendor.close());

const sourceWith = (more: object, ...streams: string[]) =>
  onlyStreams(configured('1c-odata', { base_url: `${vendor.url}/ut`, login: 'a', password: 'b', ...more }), ...streams);
const source = (...streams: string[]) => sourceWith({}, ...streams);
const pull = (since?: string) => world.pull(source('payments'), {}, since === undefined ? {} : { since });
const days = (count: number) => world.time.sleep(count * 24 * 60 * 60_000);
const payments = async () =>
  (await world.alive('payment')).map(({ record_id, record }) => {
    const { amount, cancelled } = JSON.parse(record);
    return `${record_id.replace(/^.*-0*/, '')} ${amount}${cancelled === true ? ' cancelled' : ''}`;
  });
const split = (...lines: ReturnType<typeof line>[]) => bankIncome(101, day, 300, { РасшифровкаПлатежа: lines });

test('the parts of a payment that it has no more are taken back, however long ago they were read', async () => {
  base.put(income, split(line(1, 100, 1), line(2, 200, 2)), bankIncome(102, day, 5));
  await pull();
  expect(await payments()).toEqual(['102 5', '101:1 100', '101:2 200']);
  await days(60);
  await pull();
  await days(1);
  await pull();
  base.put(income, split(line(1, 300, 1)));
  await pull('2026-01-01');
  expect(await payments()).toEqual(['101 300', '102 5']);
  base.put(income, split(line(1, 50, 1), line(3, 250, 2)));
  await pull('2026-01-01');
  expect(await payments()).toEqual(['102 5', '101:1 50', '101:3 250']);
  base.put(income, split(line(1, 200, 1), line(2, 200, 2)));
  expect(await pull('2026-01-01')).toMatchObject({ rejected: 1 });
  expect(await payments()).toEqual(['101 300', '102 5']);
  base.put(income, { ...split(), ХозяйственнаяОперация: 'ПрочееПоступление' });
  await pull('2026-01-01');
  expect(await payments()).toEqual(['102 5']);
});

test('a payment that cannot be read now keeps the parts that it had', async () => {
  base.put(income, split(line(1, 100, 1), line(2, 200, 2)));
  await pull();
  base.put(income, { ...split(), СуммаДокумента: 'много' });
  expect(await pull()).toMatchObject({ outcome: 'ok', rejected: 1 });
  expect(await payments()).toEqual(['101:1 100', '101:2 200']);
});

test('what is changed after its days are over is seen the next day, and what is older within a week', async () => {
  base.put(income, bankIncome(101, day, 300), bankIncome(102, '2019-05-10T16:20:00', 70));
  base.put(orderEntity, order(1, day, 300));
  const both = source('orders', 'payments');
  await world.pull(both);
  expect(await payments()).toEqual(['101 300', '102 70']);
  await days(40);
  await world.pull(both);
  base.put(income, bankIncome(101, day, 300, { Posted: false, DataVersion: 'BBBB' }));
  base.put(income, bankIncome(102, '2019-05-10T16:20:00', 75, { DataVersion: 'BBBB' }));
  base.put(orderEntity, order(1, day, 300, { Статус: 'Закрыт', DataVersion: 'BBBB' }));
  await days(1);
  await world.pull(both);
  expect(await payments()).toEqual(['101 300 cancelled', '102 70']);
  expect((await world.alive('deal')).map(({ record }) => JSON.parse(record).status)).toEqual(['won']);
  await days(6);
  await world.pull(both);
  expect(await payments()).toEqual(['101 300 cancelled', '102 75']);
});

test('a payment deleted for good is taken back with its parts within a week, and comes back with its document', async () => {
  base.put(income, split(line(1, 100, 1), line(2, 200, 2)), bankIncome(102, day, 5));
  await pull();
  base.remove(income, guid(101));
  await days(1);
  await pull();
  expect(await payments()).toHaveLength(3);
  await days(6);
  await pull();
  expect(await payments()).toEqual(['102 5']);
  base.put(income, split(line(1, 100, 1), line(2, 200, 2)));
  await pull();
  expect(await payments()).toHaveLength(3);
});

test('of a small base a document or two may vanish, all of it or nearly all may not', async () => {
  const put = (...numbers: number[]) => base.put(income, ...numbers.map((number) => bankIncome(number, day, 5)));
  const remove = (...numbers: number[]) => base.remove(income, ...numbers.map((number) => guid(number)));
  const refusal = async (more: object = {}) => {
    const { streams } = await world.pull(sourceWith(more, 'payments'), {}, { since: '2026-01-01' });
    return streams[0]?.failure?.detail ?? 'none';
  };
  base.put(income, split(line(1, 100, 1), line(2, 100, 2), line(3, 100, 3)));
  put(102, 103, 104, 105, 106);
  await pull();
  remove(101, 102, 103, 104, 105, 106);
  expect(await refusal()).toMatch(/^6 of 6 records.*deleted: true/);
  expect(await refusal({ vanished_limit_percent: 100 })).toMatch(/^6 of 6 records.*deleted: true/);
  put(106);
  expect(await refusal()).toMatch(/^5 of 6 records/);
  put(103, 104, 105);
  expect(await refusal()).toBe('none');
  expect(await payments()).toEqual(['103 5', '104 5', '105 5', '106 5']);
});

test('documents that vanish in numbers, or out of the interface of the base, are not taken back', async () => {
  const all = Array.from({ length: 20 }, (_, index) => guid(101 + index));
  base.put(income, ...all.map((_, index) => bankIncome(101 + index, day, 5)));
  base.put('Document_ПриходныйКассовыйОрдер', bankIncome(201, day, 7));
  await pull();
  base.remove(income, ...all.slice(0, 15));
  await days(7);
  const refused = await pull();
  expect(refused.streams[0]?.failure).toMatchObject({ reason: 'auth' });
  expect(refused.streams[0]?.failure?.detail).toContain('vanished_limit_percent');
  const { answerWith } = vendor;
  answerWith((request) => {
    const reply = base.answer(request);
    const hidden =
      /<EntityType Name="Document_ПриходныйКассовыйОрдер">.*?<\/EntityType>|<ComplexType Name="Document_ПриходныйКассовыйОрдер_.*?<\/ComplexType>/g;
    return typeof reply.body === 'string' ? { ...reply, body: reply.body.replaceAll(hidden, '') } : reply;
  });
  base.put(income, ...all.slice(1, 15).map((_, index) => bankIncome(102 + index, day, 5)));
  expect(await pull()).toMatchObject({ outcome: 'ok' });
  expect(await payments()).toHaveLength(21);
  expect(world.logged.join('\n')).toMatch(
    /does not show documents that were read before.*Document_ПриходныйКассовыйОрдер/,
  );
});
