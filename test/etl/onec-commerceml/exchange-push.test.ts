import { beforeAll, expect, test } from 'vitest';
import { contactHasher } from '../../../domain/contact.ts';
import { openPush } from '../../../etl/push.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { testWarehouse } from '../../support/clickhouse.ts';
import { PullWorld } from '../../support/pull-world.ts';
import { file, fixture, type Imported, importBytes, importFile, order, requisites } from './exchange.ts';

let warehouse: Warehouse;
let worldNo = 0;
beforeAll(async () => {
  warehouse = await testWarehouse();
});

async function inWorld(
  work: (push: (imported: Imported) => Promise<number>, world: PullWorld) => Promise<void>,
): Promise<void> {
  worldNo += 1;
  const world = await PullWorld.create(warehouse, `exchange${worldNo}`, '2026-12-01T00:00:00Z');
  const push = async (imported: Imported): Promise<number> => {
    const opened = await openPush(world.deps(), {
      sourceId: 'onec',
      stream: 'exchange',
      entity: 'deal',
      trigger: 'command',
      order: 'instant',
    });
    await opened.write(imported.rows);
    return (await opened.finish()).rowsWritten;
  };
  await work(push, world);
  await world.close();
}

const sent = (date: string, status: string): Promise<Imported> =>
  importBytes(file(order(requisites({ 'Статус заказа': status })), `ДатаФормирования="2026-01-${date}T10:00:00"`));

const statusesOf = async (world: PullWorld): Promise<unknown[]> =>
  (await world.alive('deal')).map((version) => JSON.parse(version.record).status_name);

test('stored records hold hashes of the contacts and neither name, phone, e-mail nor comment', async () => {
  await inWorld(async (push, world) => {
    await push(await importFile(fixture('site-orders-2.05.xml')));
    const versions = await world.versions();
    expect(versions.map((version) => `${version.entity} ${version.record_id}`)).toEqual([
      'deal 10231',
      'payment 10231:paid',
      'stage 10231:2026-01-11T15:45:21.000Z',
    ]);
    const hasher = contactHasher('test secret');
    expect(JSON.parse(versions[0]?.record ?? '')).toMatchObject({
      client_id: '311',
      phone_hashes: [hasher.phone('+79120001122')],
      email_hashes: [hasher.email('anna@example.com')],
    });
    const stored = JSON.stringify(versions);
    for (const secret of ['Анна', 'Смирнова', 'xample.com', '912', 'buyer#', 'Позвоните'])
      expect(stored).not.toContain(secret);
    expect(stored).toContain('Кресло');
  });
});

test('an older file that comes after a newer one does not win', async () => {
  await inWorld(async (push, world) => {
    await push(await sent('12', 'Выполнен'));
    await push(await sent('11', 'Новый'));
    expect(await statusesOf(world)).toEqual(['Выполнен']);
  });
});

test('a file that says the same later outdates a file in between that comes last', async () => {
  await inWorld(async (push, world) => {
    await push(await sent('10', 'Новый'));
    await push(await sent('14', 'Новый'));
    await push(await sent('12', 'Отменен'));
    expect(await statusesOf(world)).toEqual(['Новый']);
  });
});

test('what an import stored without announcing it is announced by the next one', async () => {
  await inWorld(async (push, world) => {
    await push(await sent('10', 'Новый'));
    await warehouse.command('DELETE FROM raw_batches WHERE project = {project:String}', {
      project: world.project,
    });
    expect(await push(await sent('10', 'Новый'))).toBe(0);
    const announced = 'SELECT rows FROM raw_batches WHERE project = {project:String}';
    expect(await world.rows(announced)).toHaveLength(1);
  });
});

test('the same file again writes nothing', async () => {
  await inWorld(async (push) => {
    const imported = await importFile(fixture('container-3.1.xml'));
    expect(await push(imported)).toBe(4);
    expect(await push(imported)).toBe(0);
  });
});

test('«Заказ оплачен = false» is kept as a cancelled payment, which outdates what an older file says later', async () => {
  await inWorld(async (push, world) => {
    const isCancelled = async (): Promise<unknown[]> =>
      (await world.alive('payment')).map((version) => JSON.parse(version.record).cancelled === true);
    const told = (date: string, marks: Readonly<Record<string, string>>): Promise<Imported> =>
      importBytes(file(order(requisites(marks)), `ДатаФормирования="2026-01-${date}T10:00:00"`));
    const paid = { 'Заказ оплачен': 'true', 'Дата оплаты': '2026-01-11 09:00:00' };
    const unpaid = await told('12', { 'Заказ оплачен': 'false' });
    expect(unpaid.result.payments).toBe(0);
    await push(unpaid);
    await push(await told('11', paid));
    expect(await isCancelled()).toEqual([true]);
    await push(await told('13', paid));
    expect(await isCancelled()).toEqual([false]);
  });
});

test('an order told twice in a file stays as it was told last', async () => {
  await inWorld(async (push, world) => {
    await push(await importBytes(file(order() + order('', { Сумма: '900' }))));
    expect((await world.alive('deal')).map((version) => JSON.parse(version.record).amount)).toEqual(['900']);
  });
});

test('a file whose clock runs ahead is as new as its arrival', async () => {
  const [row] = (await importBytes(file(order(), 'ДатаФормирования="2031-01-01T00:00:00"'))).rows;
  expect(row?.mapped).toMatchObject({ versionAt: '2026-12-01T00:00:00.000Z' });
});

test('what cannot be taken is kept as what it was to be: a payment as a payment, an order as a deal', async () => {
  await inWorld(async (push, world) => {
    const payment = '<ХозОперация>Выплата безналичных денег</ХозОперация><Роль>Продавец</Роль>';
    const documents = [
      `<Документ><Ид>p-1</Ид><Номер>1</Номер><Дата>2026-01-10</Дата>${payment}</Документ>`,
      '<Документ><Ид>o-1</Ид><Номер>2</Номер><Дата>soon</Дата><ХозОперация>Заказ товара</ХозОперация><Сумма>5</Сумма></Документ>',
    ];
    const long = `<Документ><Ид>${'p'.repeat(300)}</Ид><Номер>3</Номер><Дата>2026-01-10</Дата><Сумма>5</Сумма>${payment}</Документ>`;
    const unpaid = order(requisites({ 'Заказ оплачен': 'true' }));
    await push(await importBytes(file([...documents, long, unpaid].join(''))));
    const rows = await world.rows(
      'SELECT entity, detail FROM rejected WHERE project = {project:String} ORDER BY detail',
    );
    expect(rows).toEqual([
      { entity: 'payment', detail: expect.stringContaining('Too big') },
      { entity: 'payment', detail: expect.stringContaining('«Дата оплаты» is missing') },
      { entity: 'payment', detail: 'the payment has no Сумма' },
      { entity: 'deal', detail: expect.stringContaining('Дата «soon» is not a date') },
    ]);
  });
});

test('a record that does not fit our shape is kept as rejected', async () => {
  await inWorld(async (push, world) => {
    await push(await importBytes(file(order('', { Ид: 'x'.repeat(300) }))));
    expect(await world.rows('SELECT source, reason FROM rejected WHERE project = {project:String}')).toEqual([
      { source: 'onec', reason: 'invalid_record' },
    ]);
    expect(await world.versions()).toEqual([]);
  });
});
