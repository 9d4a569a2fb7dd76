import { expect, test } from 'vitest';
import { record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';
import { useShops } from './shop.ts';

const openShop = useShops();
const scenario = useScenarios(openShop);

const deal = (id: string, more: Record<string, unknown> = {}, fetchedAt?: string) =>
  record(
    'deal',
    { source: 'crm', id, created_at: '2026-03-05T10:00:00Z', amount: 100, status: 'open', ...more },
    fetchedAt,
  );
const cost = (id: string, more: Record<string, unknown> = {}, fetchedAt?: string) =>
  record(
    'cost',
    { source: 'direct', platform: 'yandex-direct', id, date: '2026-03-01', cost: '100', vat: 'none', ...more },
    fetchedAt,
  );
const day = (number: number): string => `2026-06-0${number}T00:00:00Z`;
const costsOf = (shop: OwnShop, columns: string) => shop.mart(`costs`, columns, 'cost_key');

scenario('the newest version of a record counts, in whatever order the versions come', async (shop) => {
  const version = (amount: number, hour: string) =>
    deal('1', { amount, updated_at: `2026-03-06T${hour}:00:00Z` }, day(1));
  await shop.records(version(200, '11'));
  await shop.settle();
  await shop.records(version(100, '10'), version(300, '12'));
  await shop.settle();
  await shop.records(version(200, '11'));
  await shop.settle();
  expect(await shop.mart('deals', 'amount, updated_at')).toEqual([
    { amount: '300', updated_at: '2026-03-06 12:00:00.000' },
  ]);
});

scenario('a deleted record that comes again is back', async (shop) => {
  await shop.records(deal('1', {}, day(1)), deal('1', { deleted: true }, day(2)));
  await shop.settle();
  expect(await shop.mart('deals', 'deal_id')).toEqual([]);
  await shop.records(deal('1', { amount: 5 }, day(3)));
  await shop.settle();
  expect(await shop.mart('deals', 'amount')).toEqual([{ amount: '5' }]);
});

test('the status groups of the shop go before those of the source, by id and by name', async () => {
  const shop = openShop({ statusGroups: { 'C1:SPAM': 'excluded', Оплачено: 'won', 'C1:PAID': 'won' } });
  await shop.records(
    deal('1', { stage: 'C1:SPAM', status: 'lost' }),
    deal('2', { stage: 'C1:9', status_name: 'Оплачено' }),
    deal('3', { stage: 'C1:8', status: 'lost' }),
    record('stage', { source: 'crm', id: 's', deal_id: '2', entered_at: day(1), stage: 'C1:PAID', status: 'open' }),
  );
  await shop.settle();
  expect(await shop.mart('deals', 'deal_id, status_group, status', 'deal_id')).toEqual([
    { deal_id: '1', status_group: 'excluded', status: 'C1:SPAM' },
    { deal_id: '2', status_group: 'won', status: 'C1:9' },
    { deal_id: '3', status_group: 'lost', status: 'C1:8' },
  ]);
  expect(await shop.mart('deal_stages', 'status_group')).toEqual([{ status_group: 'won' }]);
  await shop.rebuild({ statusGroups: {} });
  expect(await shop.mart('deals', 'status_group', 'deal_id')).toEqual([
    { status_group: 'lost' },
    { status_group: 'open' },
    { status_group: 'lost' },
  ]);
});

scenario('lines of a deal follow its newest version', async (shop) => {
  const sofa = { product_id: 's1', name: 'Диван "Уют"', quantity: '1.5', price: '19990.50', cogs: '9000' };
  await shop.records(deal('1', { items: [sofa, { product_id: 's2' }] }, day(1)));
  await shop.settle();
  const columns = 'line_no, product_id, name, quantity, price, cogs';
  expect(await shop.mart('deal_items', columns, 'line_no')).toEqual([
    { line_no: 1, ...sofa, price: '19990.5' },
    { line_no: 2, product_id: 's2', name: '', quantity: '1', price: '0', cogs: null },
  ]);
  await shop.records(deal('1', { items: [{ product_id: 's3' }] }, day(2)));
  await shop.settle();
  expect(await shop.mart('deal_items', 'line_no, product_id')).toEqual([{ line_no: 1, product_id: 's3' }]);
  await shop.records(deal('1', { deleted: true }, day(3)));
  await shop.settle();
  expect(await shop.mart('deal_items')).toEqual([]);
});

scenario('a step of the stage history that moves in time or to another deal stands once', async (shop) => {
  const step = (entered_at: string, deal_id: string, fetchedAt: string) =>
    record('stage', { source: 'crm', id: 's1', deal_id, entered_at, stage: 'NEW', status: 'open' }, fetchedAt);
  await shop.records(step('2026-03-01T10:00:00Z', '1', day(1)));
  await shop.settle();
  await shop.records(step('2026-03-01T11:00:00Z', '2', day(2)));
  await shop.settle();
  expect(await shop.mart('deal_stages', 'deal_key, entered_at')).toEqual([
    { deal_key: 'crm:2', entered_at: '2026-03-01 11:00:00.000' },
  ]);
});

scenario('a cost of several days is spread evenly, what is left over to the first days', async (shop) => {
  await shop.records(
    cost('a', { to_date: '2026-03-03', cost: '100.00', impressions: 10, clicks: 2 }),
    cost('b', { to_date: '2026-03-03', cost: '-100.01' }),
    cost('c', { to_date: '2026-03-02', cost: '0.015' }),
  );
  await shop.settle();
  expect(await costsOf(shop, 'cost_key, cost_gross, impressions, clicks')).toEqual([
    { cost_key: 'direct:a:2026-03-01', cost_gross: '33.34', impressions: '4', clicks: '1' },
    { cost_key: 'direct:a:2026-03-02', cost_gross: '33.33', impressions: '3', clicks: '1' },
    { cost_key: 'direct:a:2026-03-03', cost_gross: '33.33', impressions: '3', clicks: '0' },
    { cost_key: 'direct:b:2026-03-01', cost_gross: '-33.34', impressions: '0', clicks: '0' },
    { cost_key: 'direct:b:2026-03-02', cost_gross: '-33.34', impressions: '0', clicks: '0' },
    { cost_key: 'direct:b:2026-03-03', cost_gross: '-33.33', impressions: '0', clicks: '0' },
    { cost_key: 'direct:c:2026-03-01', cost_gross: '0.015', impressions: '0', clicks: '0' },
    { cost_key: 'direct:c:2026-03-02', cost_gross: '0', impressions: '0', clicks: '0' },
  ]);
});

scenario('VAT goes by the day of the spend, or by the rate of the row', async (shop) => {
  const spend = (id: string, more: Record<string, unknown>) => cost(id, { cost: '122', ...more });
  await shop.records(
    spend('1', { date: '2025-12-31', vat: 'included' }),
    spend('2', { date: '2026-01-01', vat: 'included' }),
    spend('3', { date: '2025-12-31', vat: 'excluded' }),
    spend('4', { date: '2026-01-01', vat: 'excluded' }),
    spend('5', { date: '2026-01-01', vat: 'none' }),
    spend('6', { date: '2026-01-01', vat: 'included', vat_rate: '0.05' }),
    spend('7', { date: '2026-01-01', vat: 'included', vat_rate: 10 }),
    spend('8', { date: '2025-12-31', to_date: '2026-01-01', vat: 'included' }),
    spend('9', { cost: '-0.01', vat: 'included' }),
  );
  await shop.settle();
  expect(await costsOf(shop, 'date, cost_net, vat, cost_gross')).toEqual([
    { date: '2025-12-31', cost_net: '101.666667', vat: '20.333333', cost_gross: '122' },
    { date: '2026-01-01', cost_net: '100', vat: '22', cost_gross: '122' },
    { date: '2025-12-31', cost_net: '122', vat: '24.4', cost_gross: '146.4' },
    { date: '2026-01-01', cost_net: '122', vat: '26.84', cost_gross: '148.84' },
    { date: '2026-01-01', cost_net: '122', vat: '0', cost_gross: '122' },
    { date: '2026-01-01', cost_net: '116.190476', vat: '5.809524', cost_gross: '122' },
    { date: '2026-01-01', cost_net: '110.909091', vat: '11.090909', cost_gross: '122' },
    { date: '2025-12-31', cost_net: '50.833333', vat: '10.166667', cost_gross: '61' },
    { date: '2026-01-01', cost_net: '50', vat: '11', cost_gross: '61' },
    { date: '2026-03-01', cost_net: '-0.008197', vat: '-0.001803', cost_gross: '-0.01' },
  ]);
});

scenario('a cost imported again replaces itself, and days and rows that vanished are gone', async (shop) => {
  await shop.records(cost('a', { to_date: '2026-03-02' }, day(1)), cost('b', {}, day(1)), cost('c', {}, day(1)));
  await shop.settle();
  await shop.records(
    cost('a', { cost: '7', date: '2026-03-02' }, day(2)),
    cost('b', { deleted: true }, day(2)),
    cost('c', {}, day(2)),
  );
  await shop.settle();
  expect(await costsOf(shop, 'cost_key, cost_gross')).toEqual([
    { cost_key: 'direct:a:2026-03-02', cost_gross: '7' },
    { cost_key: 'direct:c:2026-03-01', cost_gross: '100' },
  ]);
});

scenario('a cost without an id is known by what it is for', async (shop) => {
  const row = (amount: number, fetchedAt: string, more: Record<string, unknown> = {}) =>
    record(
      'cost',
      { source: 'file', date: '2026-03-01', campaign: 'Brand', cost: amount, vat: 'none', ...more },
      fetchedAt,
    );
  await shop.records(row(10, day(1)), row(20, day(1), { campaign: 'Other' }));
  await shop.settle();
  await shop.records(row(30, day(2)));
  await shop.settle();
  expect(await shop.mart('costs', 'campaign, cost_gross', 'campaign')).toEqual([
    { campaign: 'Brand', cost_gross: '30' },
    { campaign: 'Other', cost_gross: '20' },
  ]);
});

scenario('a cost row is tagged by its marks, else by its platform, else by its source', async (shop) => {
  const tag = (id: string, more: Record<string, unknown>) =>
    record('cost', { source: 'agency', id, date: '2026-03-01', cost: 1, vat: 'none', ...more });
  await shop.records(
    tag('1', { utm_source: 'VK', utm_medium: 'CPC', campaign_id: 5 }),
    tag('2', { platform: 'google-ads', adgroup_id: 6 }),
    tag('3', { platform: 'unheard-of', ad_id: 7 }),
    tag('4', {}),
    tag('5', { source: 'yandex-direct', keyword: 'диван' }),
  );
  await shop.settle();
  expect(await shop.mart('costs', 'channel, source, medium, platform, cost_level', 'substring(cost_key, -12)')).toEqual(
    [
      { channel: 'Paid Social', source: 'vk', medium: 'cpc', platform: 'vk-ads', cost_level: 'campaign' },
      { channel: 'Paid Search', source: 'google', medium: 'cpc', platform: 'google-ads', cost_level: 'adgroup' },
      { channel: 'Paid Other', source: 'unheard-of', medium: 'cpc', platform: 'unheard-of', cost_level: 'ad' },
      { channel: 'Paid Other', source: 'agency', medium: 'cpc', platform: '', cost_level: 'account' },
      { channel: 'Paid Search', source: 'yandex', medium: 'cpc', platform: 'yandex-direct', cost_level: 'keyword' },
    ],
  );
});

scenario('a campaign bears the newest name of its platform', async (shop) => {
  const named = (campaign: string, fetchedAt: string) => cost(campaign, { campaign_id: '5', campaign }, fetchedAt);
  await shop.records(named('New', day(2)));
  await shop.settle();
  await shop.records(named('Old', day(1)));
  await shop.settle();
  expect(await shop.mart('campaigns', 'platform, campaign_id, campaign')).toEqual([
    { platform: 'yandex-direct', campaign_id: '5', campaign: 'New' },
  ]);
});

scenario('money of a currency without a rate is shown as rejected and not added', async (shop) => {
  await shop.records(
    deal('1', { currency: 'USD' }),
    record('payment', { source: '1c', id: 'p', paid_at: '2026-03-06T10:00:00Z', amount: 5, currency: 'USD' }),
    cost('a', { currency: 'USD' }),
  );
  await shop.settle();
  await shop.rebuild();
  for (const table of ['deals', 'payments', 'costs']) expect(await shop.mart(table)).toEqual([]);
  expect(await shop.mart('rejected', 'entity, reason, place', 'entity')).toEqual([
    { entity: 'cost', reason: 'no_rate', place: 'direct:a' },
    { entity: 'deal', reason: 'no_rate', place: 'crm:1' },
    { entity: 'payment', reason: 'no_rate', place: '1c:p' },
  ]);
});

scenario('money of another currency counts at the newest rate of its day or before', async (shop) => {
  await shop.rates('EUR', { '2026-03-01': '90.005', '2026-03-05': '91', '2026-03-09': '500' });
  const paid = (id: string, at: string) =>
    record('payment', { source: '1c', id, paid_at: at, amount: '1.00', currency: 'EUR' });
  await shop.records(
    paid('1', '2026-03-04T10:00:00Z'),
    paid('2', '2026-03-05T10:00:00Z'),
    deal('1', { currency: 'EUR' }),
  );
  await shop.settle();
  expect(await shop.mart('payments', 'amount, currency, amount_base', 'payment_id')).toEqual([
    { amount: '1', currency: 'EUR', amount_base: '90.01' },
    { amount: '1', currency: 'EUR', amount_base: '91' },
  ]);
  expect(await shop.mart('deals', 'amount, amount_base')).toEqual([{ amount: '100', amount_base: '9100' }]);
});

scenario('costs of a deal in another currency are taken at the rate of the deal', async (shop) => {
  await shop.rates('CNY', { '2026-03-01': '90' });
  const costs = { cogs: '4.00', delivery_cost: '0.10' };
  await shop.records(
    deal('1', { currency: 'CNY', ...costs }),
    deal('2', { currency: 'CNY', amount: 0, ...costs }),
    deal('3', costs),
    deal('4', { currency: 'CNY' }),
  );
  await shop.settle();
  expect(await shop.mart('deals', 'cogs, cogs_base, delivery_base', 'deal_id')).toEqual([
    { cogs: '4', cogs_base: '360', delivery_base: '9' },
    { cogs: '4', cogs_base: '360', delivery_base: '9' },
    { cogs: '4', cogs_base: '4', delivery_base: '0.1' },
    { cogs: null, cogs_base: '0', delivery_base: '0' },
  ]);
});

scenario('a payment carries what reports ask of its deal', async (shop) => {
  const paid = (id: string, more: object = {}) =>
    record('payment', { source: '1c', id, paid_at: '2026-03-06T10:00:00Z', amount: 5, ...more });
  await shop.records(
    deal('1', { cogs: 3 }),
    deal('2', { status: 'excluded' }),
    paid('1', { deal_id: '1', deal_source: 'crm' }),
    paid('2', { deal_id: '2', deal_source: 'crm' }),
    paid('3'),
  );
  await shop.settle();
  const ofDeal = 'deal_group, deal_at = paid_at AS own_date, lead_at = deal_at AS no_request, cost_known';
  expect(await shop.mart('payments', ofDeal, 'payment_id')).toEqual([
    { deal_group: 'open', own_date: 0, no_request: 1, cost_known: true },
    { deal_group: 'excluded', own_date: 0, no_request: 1, cost_known: false },
    { deal_group: '', own_date: 1, no_request: 1, cost_known: false },
  ]);
  await shop.records(deal('1', { status: 'won', created_at: '2026-03-01T10:00:00Z' }));
  await shop.settle();
  expect(await shop.mart('payments', 'deal_group, deal_at', 'payment_id')).toContainEqual({
    deal_group: 'won',
    deal_at: '2026-03-01 10:00:00.000',
  });
});
