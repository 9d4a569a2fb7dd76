import { expect, test } from 'vitest';
import { record } from './raw.ts';
import { useShops } from './shop.ts';

const openShop = useShops();

test('what one project waits for is not taken by the run of another', async () => {
  const [one, another] = [openShop(), openShop()];
  await one.events({ who: 'x', at: '2026-03-01 10:00:00.000' });
  expect(await another.settle()).toMatchObject({ batches: 0 });
  expect(await one.settle()).toMatchObject({ batches: 1 });
  expect(await one.mart('visits', 'visit_id')).toHaveLength(1);
});

test('batches of one name in two projects are two batches', async () => {
  const [one, another] = [openShop(), openShop()];
  for (const { project, warehouse } of [one, another])
    await warehouse.insertRows('raw_batches', [{ project, batch: 'same', kind: 'records', rows: '1' }]);
  expect(await another.settle()).toMatchObject({ batches: 1 });
  expect(await one.settle()).toMatchObject({ batches: 1 });
});

const cost = (id: string) =>
  record('cost', { source: 'vk', id, date: '2026-03-01', cost: '122', vat: 'included', vat_rate: '0.22' });

test('batches done days ago are forgotten now and then, others neither before nor after they are done', async () => {
  const shop = openShop();
  const { warehouse, project } = shop;
  const batches = () =>
    warehouse.query<{ batch: string }>("SELECT batch FROM raw_batches FINAL WHERE batch LIKE 'old%' ORDER BY batch");
  const row = (batch: string, done: 0 | 1, age_days: number) =>
    warehouse.command(
      `INSERT INTO raw_batches (project, batch, kind, rows, loaded_at, done)
       VALUES ({project:String}, {batch:String}, 'records', 0, now64(3) - toIntervalDay({age_days:UInt16}), {done:UInt8})`,
      { project, batch, done, age_days },
    );
  // Were the two rows of a batch merged in the meantime, nobody could tell whether both are deleted.
  await warehouse.command('ALTER TABLE raw_batches MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1');
  await row('old-done', 0, 10);
  await row('old-done', 1, 10);
  await row('old-done-just-now', 1, 2);
  await row('old-waiting', 0, 10);
  const at = '2026-03-01 00:00:00.000';
  await warehouse.insertRows('etl_runs', [
    { run_no: '499', project, kind: 'pull', source: 'x', outcome: 'ok', started_at: at, updated_at: at },
  ]);
  await shop.records(cost('a'));
  await shop.settle();
  expect((await batches()).map(({ batch }) => batch)).toEqual(['old-done-just-now']);
  await warehouse.command('OPTIMIZE TABLE raw_batches FINAL');
  await shop.records(cost('b'));
  expect(await shop.settle()).toMatchObject({ batches: 1 });
});
