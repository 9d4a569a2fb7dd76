import { expect, test } from 'vitest';
import { recordSchemas } from '../../domain/record/index.ts';
import { openPush, type PushedRow } from '../../etl/push.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { PullWorld } from '../support/pull-world.ts';

const deal = (source: string, id: string, amount: number): PushedRow => {
  const row = { source, id, created_at: '2026-03-05T10:00:00Z', amount, status: 'won' };
  return { mapped: { ok: true, item: { entity: 'deal', input: recordSchemas.deal.parse(row) } }, payload: row };
};

test('records of two systems with one id are both kept, and of two rows of one record the last', async () => {
  const world = await PullWorld.create(await testWarehouse(), 'several', '2026-12-01T00:00:00Z');
  const task = { sourceId: 'import-deal', stream: 'import', entity: 'deal', trigger: 'command' } as const;
  const push = await openPush(world.deps(), task);
  await push.write([deal('shop', '1', 10), deal('crm', '1', 20), deal('shop', '1', 30)]);
  expect(await push.finish()).toMatchObject({ rowsRead: 3, rowsWritten: 2 });
  const records = (await world.versions()).map(({ record }) => JSON.parse(record));
  expect(records.map(({ source, amount }) => `${source} ${amount}`).toSorted()).toEqual(['crm 20', 'shop 30']);
  await world.close();
});
