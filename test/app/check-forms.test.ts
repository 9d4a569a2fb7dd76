import { beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../app/config/load-config.ts';
import { checkForms } from '../../app/runtime/check-forms.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await testWarehouse();
});

const findings = (project: string) =>
  checkForms({ warehouse, config: parseConfig(JSON.stringify({ project }), 'file', {}) });

const sent = (project: string, form_id: string, count: number, more: object = {}) =>
  warehouse.insertRows(
    'leads',
    Array.from({ length: count }, (_, number) => ({
      project,
      lead_id: `event:${form_id} ${number}`,
      source: 'tracker',
      kind: 'form',
      created_at: new Date().toISOString().replace('T', ' ').replace('Z', ''),
      form_id,
      ...more,
    })),
  );

test('forms that look like a search or a cart are told by how often they count, others and few are not', async () => {
  await sent('forms', '/cart/add#1', 25);
  await sent('forms', 'search2', 20);
  await sent('forms', 'callback', 30);
  await sent('forms', 'login', 19);
  await sent('forms', 'filter', 30, { duplicate_of: 'event:another' });
  await sent('forms', 'poisk', 30, { created_at: '2026-01-01 00:00:00.000' });
  expect(await findings('forms')).toMatchObject([
    {
      isGood: true,
      isWarning: true,
      says: expect.stringMatching(/: \/cart\/add#1 \(25\), search2 \(20\)\. .*rules\.not_requests/),
    },
  ]);
  expect(await findings('others')).toEqual([]);
});
