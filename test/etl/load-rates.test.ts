import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRates } from '../../etl/load-rates.ts';
import { type PipelineDeps, runStages } from '../../etl/pipeline.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { loadRecords, pipeline, record } from './stages/raw.ts';

let warehouse: Warehouse;
const dataDir = mkdtempSync(join(tmpdir(), 'rates-'));
beforeAll(async () => {
  warehouse = await testWarehouse();
});
afterAll(() => rmSync(dataDir, { recursive: true }));

/** A shop with a deal of 100 dollars, 40 dollars of it paid, and 10 dollars of spend, before any rate is known. All of it waits for the stages. */
async function dollarShop(project: string): Promise<PipelineDeps> {
  const deps = { ...pipeline(warehouse, dataDir, {}), project };
  const usd = { currency: 'USD' };
  const deal = { source: 'crm', created_at: '2026-03-05T10:00:00Z', amount: '100', status: 'won', ...usd };
  await loadRecords(
    warehouse,
    [
      record('deal', { id: '1', ...deal }),
      record('deal', { id: '2', ...deal, created_at: '2026-03-01T10:00:00Z' }),
      record('payment', {
        source: '1c',
        id: 'p',
        deal_id: '1',
        deal_source: 'crm',
        paid_at: '2026-03-06T10:00:00Z',
        amount: '40',
        ...usd,
      }),
      record('cost', { source: 'ads', id: 'c', date: '2026-03-07', cost: '10', vat: 'none', ...usd }),
      record('payment', { source: '1c', id: 'rub', paid_at: '2026-03-06T10:00:00Z', amount: '7' }),
    ],
    project,
  );
  return deps;
}

const mart = (project: string, table: string, columns: string) =>
  warehouse.query(`SELECT ${columns} FROM ${table} FINAL WHERE project = {project:String} ORDER BY ALL`, { project });
const rate = (date: string, value: string, currency = 'USD') => ({ date, currency, rate: value });
const load = (deps: PipelineDeps, ...rates: ReturnType<typeof rate>[]) => loadRates(deps, rates);

test('rates price what waited for them, and nothing is said to be without a rate any more', async () => {
  const deps = await dollarShop('rates1');
  await runStages(deps, 'arrival');
  expect(await mart('rates1', 'deals', 'deal_id')).toEqual([]);
  expect(await mart('rates1', 'rejected', 'place')).toHaveLength(4);
  expect(
    await load(deps, rate('2026-03-02', '90'), rate('2026-03-06', '91.50'), rate('2026-03-06', '100', 'EUR')),
  ).toEqual({
    changed: 3,
    repriced: 3,
  });
  expect(await mart('rates1', 'deals', 'deal_id, amount_base')).toEqual([{ deal_id: '1', amount_base: '9000' }]);
  expect(await mart('rates1', 'payments', 'payment_id, amount_base, deal_key')).toEqual([
    { payment_id: 'p', amount_base: '3660', deal_key: 'crm:1' },
    { payment_id: 'rub', amount_base: '7', deal_key: '' },
  ]);
  expect(await mart('rates1', 'costs', 'cost_gross_base')).toEqual([{ cost_gross_base: '915' }]);
  expect(await mart('rates1', 'rejected', 'place')).toEqual([{ place: 'crm:2' }]);
});

test('the same rates again change nothing, and a corrected one counts anew what it prices', async () => {
  const deps = await dollarShop('rates2');
  const rates = [rate('2026-03-01', '90.5'), rate('2026-03-06', '91')];
  expect(await load(deps, ...rates)).toEqual({ changed: 2, repriced: 4 });
  const runs = () => mart('rates2', 'etl_runs', 'run_no');
  const before = await runs();
  expect(await load(deps, rate('2026-03-01', '90.50'), rate('2026-03-06', '91.000'))).toEqual({
    changed: 0,
    repriced: 0,
  });
  expect(await runs()).toEqual(before);
  expect(await load(deps, rate('2026-03-06', '95'))).toEqual({ changed: 1, repriced: 2 });
  expect(await mart('rates2', 'payments', 'payment_id, amount_base')).toEqual([
    { payment_id: 'p', amount_base: '3800' },
    { payment_id: 'rub', amount_base: '7' },
  ]);
  expect(await mart('rates2', 'deals', 'deal_id, amount_base')).toEqual([
    { deal_id: '1', amount_base: '9050' },
    { deal_id: '2', amount_base: '9050' },
  ]);
});

test('an import that was cut off after its rates were kept is ended by importing them again', async () => {
  const deps = await dollarShop('rates3');
  await warehouse.insertRows('currency_rates', [{ project: 'rates3', ...rate('2026-03-01', '90') }]);
  expect(await load(deps, rate('2026-03-01', '90'))).toEqual({ changed: 0, repriced: 4 });
  expect(await mart('rates3', 'deals', 'deal_id')).toHaveLength(2);
  expect(await mart('rates3', 'rejected', 'place')).toEqual([]);
});

const kill = (): never => {
  throw new Error('killed');
};

test('a corrected rate whose import was cut off before the counting is counted by the next import, whatever it brings', async () => {
  const deps = await dollarShop('rates4');
  await load(deps, rate('2026-03-01', '90'));
  for (const [corrected, next, paid] of [
    ['95', rate('2026-03-01', '95'), '3800'],
    ['96', rate('2026-03-09', '100', 'EUR'), '3840'],
  ] as const) {
    await expect(load({ ...deps, onStage: kill }, rate('2026-03-01', corrected))).rejects.toThrow('killed');
    expect(await load(deps, next)).toMatchObject({ repriced: 4 });
    expect(await mart('rates4', 'payments', 'payment_id, amount_base')).toEqual([
      { payment_id: 'p', amount_base: paid },
      { payment_id: 'rub', amount_base: '7' },
    ]);
    expect(await load(deps, next)).toEqual({ changed: 0, repriced: 0 });
  }
});

test('a rate counts anew from the first moment of its local day on', async () => {
  const deps = { ...pipeline(warehouse, dataDir, {}), project: 'rates5' };
  const paid = (id: string, at: string) =>
    record('payment', { source: '1c', id, paid_at: at, amount: '1', currency: 'USD' }, '2026-03-05T21:30:00Z');
  await loadRecords(
    warehouse,
    [paid('before', '2026-03-05T23:59:59.999+03:00'), paid('first', '2026-03-06T00:00:00+03:00')],
    'rates5',
  );
  expect(await load(deps, rate('2026-03-05', '90'), rate('2026-03-06', '91'))).toMatchObject({ repriced: 2 });
  expect(await load(deps, rate('2026-03-06', '95'))).toEqual({ changed: 1, repriced: 1 });
  expect(await mart('rates5', 'payments', 'payment_id, amount_base')).toEqual([
    { payment_id: 'before', amount_base: '90' },
    { payment_id: 'first', amount_base: '95' },
  ]);
});

test('a rate of a later day of a cost of several days counts that day anew', async () => {
  const deps = { ...pipeline(warehouse, dataDir, {}), project: 'rates6' };
  const cost = { source: 'ads', id: 'c', date: '2026-03-05', to_date: '2026-03-06', cost: '20', vat: 'none' };
  await loadRecords(warehouse, [record('cost', { ...cost, currency: 'USD' })], 'rates6');
  await load(deps, rate('2026-03-05', '90'));
  expect(await load(deps, rate('2026-03-06', '100'))).toEqual({ changed: 1, repriced: 1 });
  expect(await mart('rates6', 'costs', 'date, cost_gross_base')).toEqual([
    { date: '2026-03-05', cost_gross_base: '900' },
    { date: '2026-03-06', cost_gross_base: '1000' },
  ]);
});
