import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runStages } from '../../../etl/pipeline.ts';
import { testWarehouse } from '../../support/clickhouse.ts';
import { event, loadEvents, loadRecords, mart, pipeline, record, uuid } from './raw.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'stages-'));

test('an ad click, an order, a deal and its payment meet on one path', async () => {
  const warehouse = await testWarehouse();
  await loadEvents(warehouse, [
    event({
      who: 'anna',
      at: '2026-03-01 10:00:00.000',
      url: 'https://shop.example/?UTM_SOURCE=Yandex&utm_medium=cpc&utm_campaign=77104455&yclid=123',
      referrer: 'https://yandex.ru/',
    }),
    event({ who: 'anna', at: '2026-03-03 10:00:00.000' }),
    event({ who: 'anna', at: '2026-03-03 10:05:00.000', type: 'purchase', more: { order_id: 'A-17' } }),
  ]);
  await loadRecords(warehouse, [
    record('deal', {
      source: 'b24',
      id: '1042',
      order_id: 'A-17',
      created_at: '2026-03-03T13:06:00+03:00',
      amount: '1990.50',
      status: 'won',
      client: { id: '311', phone: '8 900 000-00-01' },
    }),
    record('payment', { source: '1c', id: 'p1', order_id: 'A-17', paid_at: '2026-03-05T10:00:00Z', amount: 1990.5 }),
    record('cost', {
      source: 'direct',
      platform: 'yandex-direct',
      date: '2026-03-01',
      campaign_id: '77104455',
      campaign: 'Brand',
      cost: '122.00',
      vat: 'included',
    }),
  ]);
  const outcome = await runStages(pipeline(warehouse, dataDir), 'arrival');
  expect(outcome).toEqual({ batches: 2, rows: 6, setAside: 0 });
  expect(
    await mart(warehouse, 'visits', 'channel, source, medium, platform, campaign_id, pageviews', 'started_at'),
  ).toEqual([
    {
      channel: 'Paid Search',
      source: 'yandex',
      medium: 'cpc',
      platform: 'yandex-direct',
      campaign_id: '77104455',
      pageviews: 1,
    },
    { channel: 'Direct', source: '(direct)', medium: '(none)', platform: '', campaign_id: '', pageviews: 1 },
  ]);
  expect(await mart(warehouse, 'deals', 'deal_key, matched_by, lead_id, paid_net, sale_no, is_sale')).toEqual([
    {
      deal_key: 'b24:1042',
      matched_by: 'order',
      lead_id: `event:${uuid('anna 2026-03-03 10:05:00.000 purchase https://shop.example/')}`,
      paid_net: '1990.5',
      sale_no: 1,
      is_sale: true,
    },
  ]);
  expect(await mart(warehouse, 'deal_touches', 'path_id, position, path_length, channel', 'position')).toEqual([
    { path_id: 'deal:b24:1042', position: 1, path_length: 2, channel: 'Paid Search' },
    { path_id: 'deal:b24:1042', position: 2, path_length: 2, channel: 'Direct' },
  ]);
  expect(await mart(warehouse, 'costs', 'channel, cost_net, vat, cost_gross_base')).toEqual([
    { channel: 'Paid Search', cost_net: '100', vat: '22', cost_gross_base: '122' },
  ]);
  expect(await mart(warehouse, 'payments', 'deal_key, amount_base')).toEqual([
    { deal_key: 'b24:1042', amount_base: '1990.5' },
  ]);
  expect(await mart(warehouse, 'leads', 'kind, deal_key, path_id')).toEqual([
    { kind: 'cart', deal_key: 'b24:1042', path_id: 'deal:b24:1042' },
  ]);
});
