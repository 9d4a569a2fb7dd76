import { beforeAll, describe, expect, it } from 'vitest';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { ask, insertMarts, sale, utc } from './marts.ts';

let warehouse: Warehouse;

const metrics = ['new_clients', 'revenue', 'gross_profit', 'ltv_revenue', 'ltv'];

const movement = (key: string, deal_key: string, at: string, amount_base: string) => ({
  payment_key: key,
  deal_key,
  paid_at: utc(at),
  amount_base,
});

/**
 * The first order of a client is paid and, after the second one is paid, given back: the second is now the first sale. A correction of a
 * third order was booked before that sale and its payment after, with a part of it given back later on. A fourth, paid between them, is
 * given back late and whole.
 */
beforeAll(async () => {
  warehouse = await testWarehouse();
  const kept = sale('crm:2', { at: '2026-01-05T10:00:00Z', amount: '3000.00', client: 'anna' });
  const { first_sale_path, first_sale_at } = kept.deal;
  const ofAnna = { client_id: 'anna', first_sale_path, first_sale_at };
  const returned = {
    ...ofAnna,
    deal_key: 'crm:1',
    created_at: utc('2026-01-01T10:00:00Z'),
    lead_at: utc('2026-01-01T10:00:00Z'),
    first_paid_at: utc('2026-01-01T10:00:00Z'),
    status_group: 'won',
    amount_base: '10000.00',
    cogs: '6000.00',
  };
  const later = sale('crm:3', { at: '2026-01-02T10:00:00Z', amount: '500.00', client: 'anna', saleNo: 2 });
  const givenBack = { ...returned, deal_key: 'crm:4', status_group: 'open', amount_base: '700.00', cogs: '400.00' };
  await insertMarts(warehouse, {
    deals: [
      returned,
      givenBack,
      { ...kept.deal, cogs: '1000.00', delivery_cost: '200.00' },
      { ...later.deal, ...ofAnna, sale_at: utc('2026-01-07T10:00:00Z'), first_paid_at: utc('2026-01-07T10:00:00Z') },
    ],
    payments: [
      movement('paid-1', 'crm:1', '2026-01-01T10:00:00Z', '10000.00'),
      movement('back-1', 'crm:1', '2026-01-10T10:00:00Z', '-10000.00'),
      kept.payment,
      movement('back-3', 'crm:3', '2026-01-03T10:00:00Z', '-40.00'),
      movement('paid-3', 'crm:3', '2026-01-07T10:00:00Z', '540.00'),
      movement('part-3', 'crm:3', '2026-01-20T10:00:00Z', '-100.00'),
      movement('paid-4', 'crm:4', '2026-01-06T10:00:00Z', '700.00'),
      movement('back-4', 'crm:4', '2026-01-21T10:00:00Z', '-700.00'),
    ],
  });
});

describe('what a client brings over a lifetime', () => {
  it('has nothing of an order that was given back', async () => {
    const { totals } = await ask(warehouse, { metrics, horizon_days: 60 });
    expect(totals).toEqual({ new_clients: 1, revenue: 3400, gross_profit: 2200, ltv_revenue: 3400, ltv: 2200 });
  });

  it('ends at the horizon: a part given back after it still counts, an order given back whole does not', async () => {
    const { totals } = await ask(warehouse, { metrics, horizon_days: 3 });
    expect(totals).toMatchObject({ ltv_revenue: 3500, ltv: 2300 });
  });

  it('stands in every row with both', async () => {
    const { rows } = await ask(warehouse, { metrics, dimensions: ['channel'], attribution: { model: 'linear' } });
    expect(rows).toEqual([expect.objectContaining({ channel: 'No visit', ltv_revenue: 3400, ltv: 2200 })]);
  });
});
