import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../reports/contract.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import { ask, insertMarts, type Marts, sale, utc } from './marts.ts';

let warehouse: Warehouse;
let shops = 0;

beforeAll(async () => {
  warehouse = await testWarehouse();
});

/** A shop of its own in the shared database; answers its name. */
async function shop(marts: Marts): Promise<string> {
  shops += 1;
  const name = `shop-${shops}`;
  const named = Object.entries(marts).map(([table, rows]) => [
    table,
    rows.map((row: object) => ({ ...row, project: name })),
  ]);
  await insertMarts(warehouse, Object.fromEntries(named));
  return name;
}

const conversion = '2026-01-20T12:00:00Z';

const touch = (at: string, channel: string, over: object = {}) => ({
  path_id: 'deal:crm:1',
  touched_at: utc(at),
  conversion_at: utc(conversion),
  channel,
  ...over,
});

/** `{channel: value}` of one metric. */
const byChannel = (report: Report, metric: string) =>
  Object.fromEntries(report.rows.map((row) => [String(row.channel), row[metric]]));

async function credited(name: string, model: string, over: object = {}) {
  const request = { metrics: ['revenue', 'sales'], dimensions: ['channel'], attribution: { model }, ...over };
  const report = await ask(warehouse, request, { name });
  return { revenue: byChannel(report, 'revenue'), sales: byChannel(report, 'sales'), report };
}

describe('a sale of 1000.01 after search, social, a referral and a direct visit', () => {
  let name: string;

  beforeAll(async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '1000.01' });
    name = await shop({
      deals: [deal],
      payments: [payment],
      deal_touches: [
        touch('2026-01-06T12:00:00Z', 'Paid Search'),
        touch('2026-01-13T12:00:00Z', 'Paid Social'),
        touch('2026-01-20T11:00:00Z', 'Direct'),
        touch('2026-01-20T10:00:00Z', 'Referral'),
      ],
    });
  });

  it('goes to the referral by last non-direct click', async () => {
    expect((await credited(name, 'last_non_direct')).revenue).toEqual({ Referral: 1000.01 });
  });

  it('goes to the direct visit by last click', async () => {
    expect((await credited(name, 'last')).revenue).toEqual({ Direct: 1000.01 });
  });

  it('goes to search by first click', async () => {
    expect((await credited(name, 'first')).revenue).toEqual({ 'Paid Search': 1000.01 });
  });

  it('is shared equally by the linear model, the odd kopecks and billionths to the last touch', async () => {
    const { revenue, sales } = await credited(name, 'linear');
    expect(revenue).toEqual({ 'Paid Search': 333.33, 'Paid Social': 333.33, Referral: 333.35 });
    expect(sales).toEqual({ 'Paid Search': 0.333333333, 'Paid Social': 0.333333333, Referral: 0.333333334 });
  });

  it('is shared 40/20/40 by position', async () => {
    expect((await credited(name, 'position')).revenue).toEqual({
      'Paid Search': 400,
      'Paid Social': 200,
      Referral: 400.01,
    });
  });

  it('gives half as much to a touch a week older by time decay', async () => {
    const { revenue } = await credited(name, 'time_decay');
    const older = Number(revenue['Paid Search']);
    const newer = Number(revenue['Paid Social']);
    expect(newer / older).toBeCloseTo(2, 3);
    expect(Math.round((older + newer + Number(revenue.Referral)) * 100)).toBe(100_001);
  });

  it('gives a touch its share on the day of the touch with date basis touch', async () => {
    const day = { metrics: ['revenue'], dimensions: ['channel'], from: '2026-01-13', to: '2026-01-13' };
    const report = await ask(warehouse, { ...day, date_basis: 'touch', attribution: { model: 'linear' } }, { name });
    expect(report.rows).toEqual([{ channel: 'Paid Social', revenue: 333.33 }]);
  });

  it('forgets touches before the window, counted in whole local days', async () => {
    const inside = await credited(name, 'first', { attribution: { model: 'first', window_days: 7 } });
    expect(inside.revenue).toEqual({ 'Paid Social': 1000.01 });
    const outside = await credited(name, 'first', { attribution: { model: 'first', window_days: 6 } });
    expect(outside.revenue).toEqual({ Referral: 1000.01 });
  });
});

describe('paths', () => {
  it('count a touch by its local day: 23:59 in Moscow is out of a window that 00:00 is in', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const name = await shop({
      deals: [deal],
      payments: [payment],
      deal_touches: [touch('2026-01-18T20:59:59Z', 'Email'), touch('2026-01-18T21:00:00Z', 'Referral')],
    });
    const attribution = { model: 'first', window_days: 1 };
    expect((await credited(name, 'first', { attribution })).revenue).toEqual({ Referral: 10 });
    const utcDays = await credited(name, 'first', { attribution: { model: 'first', window_days: 2 }, timezone: 'UTC' });
    expect(utcDays.revenue).toEqual({ Email: 10 });
  });

  it('break ties of the instant by the id of the touch', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const at = '2026-01-19T12:00:00Z';
    const name = await shop({
      deals: [deal],
      payments: [payment],
      deal_touches: [touch(at, 'Email', { touch_id: 'b' }), touch(at, 'Referral', { touch_id: 'a' })],
    });
    expect((await credited(name, 'last')).revenue).toEqual({ Email: 10 });
    expect((await credited(name, 'first')).revenue).toEqual({ Referral: 10 });
  });

  it('of direct visits alone are credited to Direct by every model', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const name = await shop({
      deals: [deal],
      payments: [payment],
      deal_touches: [touch('2026-01-19T12:00:00Z', 'Direct')],
    });
    for (const model of ['last_non_direct', 'last', 'first', 'linear', 'position', 'time_decay']) {
      expect((await credited(name, model)).revenue).toEqual({ Direct: 10 });
    }
  });

  it('without a touch in the window stand under "No visit" with no other mark', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const name = await shop({
      deals: [deal],
      payments: [payment],
      deal_touches: [
        touch('2025-01-19T12:00:00Z', 'Email', { source: 'news' }),
        touch('2026-01-19T12:00:00Z', 'Email', { dropped: 'bot' }),
      ],
    });
    const report = await ask(
      warehouse,
      { metrics: ['revenue'], dimensions: ['channel', 'source'], date_basis: 'touch' },
      { name },
    );
    expect(report.rows).toEqual([{ channel: 'No visit', source: null, revenue: 10 }]);
  });
});

describe('money', () => {
  it('of a full refund cancels to the kopeck in every channel', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '100.00' });
    const refund = {
      payment_key: 'r',
      deal_key: 'crm:1',
      paid_at: utc('2026-01-25T12:00:00Z'),
      amount_base: '-100.00',
    };
    const name = await shop({
      deals: [{ ...deal, is_sale: false, sale_no: 0 }],
      payments: [payment, refund],
      deal_touches: ['Email', 'Referral', 'Paid Search'].map((channel, index) =>
        touch(`2026-01-1${index}T12:00:00Z`, channel),
      ),
    });
    const { revenue } = await credited(name, 'linear');
    expect(revenue).toEqual({ Email: 0, Referral: 0, 'Paid Search': 0 });
  });

  it('paid in parts is split part by part', async () => {
    const { deal } = sale('crm:1', { at: conversion, amount: '0.02' });
    const part = (key: string) => ({
      payment_key: key,
      deal_key: 'crm:1',
      paid_at: utc(conversion),
      amount_base: '0.01',
    });
    const name = await shop({
      deals: [deal],
      payments: [part('a'), part('b')],
      deal_touches: [touch('2026-01-10T12:00:00Z', 'Email'), touch('2026-01-11T12:00:00Z', 'Referral')],
    });
    expect((await credited(name, 'linear')).revenue).toEqual({ Email: 0, Referral: 0.02 });
  });

  it('is placed by its own date with basis payment and by the deal with basis deal', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, paidAt: '2026-02-03T12:00:00Z', amount: '10.00' });
    const name = await shop({ deals: [deal], payments: [payment] });
    const january = { metrics: ['revenue', 'deals', 'sales'] };
    expect((await ask(warehouse, { ...january, date_basis: 'payment' }, { name })).totals).toEqual({
      revenue: 0,
      deals: 0,
      sales: 0,
    });
    expect((await ask(warehouse, { ...january, date_basis: 'deal' }, { name })).totals).toEqual({
      revenue: 10,
      deals: 1,
      sales: 1,
    });
  });

  it('after 21:00 UTC belongs to the next day in Moscow', async () => {
    const { deal, payment } = sale('crm:1', { at: '2026-01-31T21:00:00Z', amount: '10.00' });
    const name = await shop({ deals: [deal], payments: [payment] });
    expect((await ask(warehouse, { metrics: ['revenue'] }, { name })).totals).toEqual({ revenue: 0 });
    expect((await ask(warehouse, { metrics: ['revenue'], timezone: 'UTC' }, { name })).totals).toEqual({ revenue: 10 });
  });

  it('that names no deal counts in revenue under "No visit", not in sales, and the report says so', async () => {
    const name = await shop({ payments: [{ paid_at: utc(conversion), amount_base: '77.70', deal_key: '' }] });
    const { report } = await credited(name, 'linear');
    expect(report.rows).toEqual([{ channel: 'No visit', revenue: 77.7, sales: 0 }]);
    expect(report.meta.warnings).toEqual([
      expect.stringContaining('payments that name no deal we know (1, 77.70 RUB)'),
    ]);
  });

  it('of an excluded deal is left out, and the report says how much', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const spam = { ...deal, status_group: 'excluded', is_sale: false, sale_no: 0 };
    const name = await shop({ deals: [spam], payments: [payment] });
    const report = await ask(warehouse, { metrics: ['revenue', 'deals', 'sales'] }, { name });
    expect(report.totals).toEqual({ revenue: 0, deals: 0, sales: 0 });
    expect(report.meta.warnings).toEqual([expect.stringContaining('payments of excluded deals (1, 10.00 RUB)')]);
  });

  it('spent without a visit keeps its row', async () => {
    const name = await shop({ costs: [{ date: '2026-01-05', channel: 'Display', cost_gross_base: '99.99' }] });
    const report = await ask(
      warehouse,
      { metrics: ['visits', 'ad_cost', 'cpv', 'roi'], dimensions: ['channel'] },
      { name },
    );
    expect(report.rows).toEqual([{ channel: 'Display', visits: 0, ad_cost: 99.99, cpv: null, roi: -1 }]);
  });

  it('of deals stands for revenue when there is no accounting source', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const name = await shop({ deals: [{ ...deal, amount_base: '12.34', cogs: '2.00' }], payments: [payment] });
    const report = await ask(
      warehouse,
      { metrics: ['revenue', 'paid', 'gross_profit'] },
      { name, moneySource: 'deals' },
    );
    expect(report.totals).toEqual({ revenue: 12.34, paid: 10, gross_profit: 10.34 });
    expect(report.meta.money_source).toBe('deals');
  });

  it('that won deals and payments tell differently is told, where it makes most sales or any wrong one', async () => {
    const won = { created_at: utc(conversion), status_group: 'won', amount_base: '5.00' };
    const { deal: paid, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const few = await shop({
      deals: [paid, { ...paid, deal_key: 'crm:2' }, { ...won, deal_key: 'crm:3' }],
      payments: [payment],
    });
    const most = await shop({ deals: [paid, { ...won, deal_key: 'crm:2' }], payments: [payment] });
    const back = await shop({ deals: [paid, { ...paid, deal_key: 'crm:2', paid_net: '0' }] });
    const told = async (name: string, moneySource: 'payments' | 'deals', metric = 'revenue') =>
      (await ask(warehouse, { metrics: [metric] }, { name, moneySource })).meta.warnings;
    expect(await told(few, 'payments')).toEqual([]);
    expect(await told(most, 'payments')).toEqual([expect.stringMatching(/^won deals without a payment \(1 of 2\)/)]);
    expect(await told(most, 'payments', 'deals')).toEqual([]);
    expect(await told(most, 'deals')).toEqual([]);
    expect(await told(back, 'deals', 'sales')).toEqual([expect.stringMatching(/given back wholly \(1 of 2\)/)]);
    expect(await told(back, 'deals', 'visits')).toEqual([]);
  });

  it('of an order known to two systems counts once', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '10.00' });
    const name = await shop({ deals: [deal, { ...deal, deal_key: '1c:1', same_as: 'crm:1' }], payments: [payment] });
    expect((await ask(warehouse, { metrics: ['revenue', 'deals', 'sales'] }, { name })).totals).toEqual({
      revenue: 10,
      deals: 1,
      sales: 1,
    });
  });

  it('larger than nine million keeps its kopecks', async () => {
    const { deal, payment } = sale('crm:1', { at: conversion, amount: '987654321.12' });
    const name = await shop({ deals: [deal], payments: [payment] });
    expect((await ask(warehouse, { metrics: ['revenue', 'aov'] }, { name })).totals).toEqual({
      revenue: 987654321.12,
      aov: 987654321.12,
    });
  });
});

describe('costs of goods', () => {
  it('count as 0 when unknown, and the report says which share of revenue is covered', async () => {
    const known = sale('crm:1', { at: conversion, amount: '75.00' });
    const unknown = sale('crm:2', { at: conversion, amount: '25.00' });
    const name = await shop({
      deals: [{ ...known.deal, cogs: '30.00', delivery_cost: '5.00' }, unknown.deal],
      payments: [known.payment, unknown.payment],
    });
    const report = await ask(warehouse, { metrics: ['gross_profit', 'margin'] }, { name });
    expect(report.totals).toEqual({ gross_profit: 65, margin: 0.65 });
    expect(report.meta.warnings).toEqual([expect.stringContaining('known for 75.0 % of revenue')]);
  });
});

describe('ltv', () => {
  const first = sale('crm:1', { at: '2026-01-10T12:00:00Z', amount: '100.00', client: 'anna' });
  const second = sale('crm:2', { at: '2026-02-20T12:00:00Z', amount: '50.00', client: 'anna', saleNo: 2 });
  const later = { ...second.deal, first_sale_path: 'deal:crm:1', first_sale_at: first.deal.first_paid_at };

  it('adds what a client brings within the horizon to the channel of the first sale', async () => {
    const name = await shop({
      deals: [first.deal, later],
      payments: [first.payment, second.payment],
      deal_touches: [touch('2026-01-09T12:00:00Z', 'Email', { conversion_at: utc('2026-01-10T12:00:00Z') })],
    });
    const request = { metrics: ['ltv', 'ltv_revenue', 'new_clients', 'repeat_rate'], dimensions: ['channel'] };
    const long = await ask(warehouse, { ...request, horizon_days: 90 }, { name });
    expect(long.rows).toEqual([{ channel: 'Email', ltv: 150, ltv_revenue: 150, new_clients: 1, repeat_rate: 0 }]);
    const short = await ask(warehouse, { ...request, horizon_days: 30 }, { name });
    expect(short.rows[0]).toMatchObject({ ltv: 100 });
  });

  it('is empty while somebody in the row has not lived through the horizon', async () => {
    const name = await shop({ deals: [first.deal], payments: [first.payment] });
    const report = await ask(warehouse, { metrics: ['ltv', 'new_clients'], horizon_days: 365 }, { name });
    expect(report.totals).toEqual({ ltv: null, new_clients: 1 });
  });
});

describe('leads', () => {
  it('that repeat another do not count, and those with a deal follow the path of the deal', async () => {
    const { deal } = sale('crm:1', { at: conversion, amount: '10.00' });
    const name = await shop({
      deals: [deal],
      leads: [
        { created_at: utc(conversion), path_id: 'deal:crm:1', deal_key: 'crm:1' },
        { created_at: utc(conversion), path_id: 'deal:crm:1', duplicate_of: 'lead-0' },
      ],
      deal_touches: [touch('2026-01-19T12:00:00Z', 'Email')],
    });
    const report = await ask(warehouse, { metrics: ['leads', 'conversion_sale'], dimensions: ['channel'] }, { name });
    expect(report.rows).toEqual([{ channel: 'Email', leads: 1, conversion_sale: 1 }]);
  });
});
