import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { toArrow } from '../../../reports/formats/arrow.ts';
import { toCsv } from '../../../reports/formats/csv.ts';
import { ask } from '../../reports/marts.ts';
import { record } from './raw.ts';
import { keepRates, type Shop, useShops } from './shop.ts';

const openShop = useShops();

const row = (source: string, more: Record<string, unknown>) => record('cost', { source, date: '2026-03-05', ...more });
const thousand = (source: string, more: Record<string, unknown>) =>
  Array.from({ length: 1000 }, (_, index) => row(source, { keyword: `k${index}`, ...more }));

describe('costs finer than hundredths', () => {
  let shop: Shop;

  const report = (request: Record<string, unknown>) =>
    ask(
      shop.warehouse,
      { metrics: ['ad_cost'], from: '2025-12-01', to: '2026-03-31', ...request },
      { name: shop.project },
    );
  const adCost = async (source: string) => {
    const filters = [{ field: 'source', op: 'eq', value: source }];
    const [gross, net] = await Promise.all([report({ filters }), report({ filters, vat: 'net' })]);
    return { gross: gross.totals.ad_cost, net: net.totals.ad_cost };
  };

  beforeAll(async () => {
    shop = openShop();
    await keepRates(shop, 'USD', { '2026-03-04': '80.1234', '2026-03-07': '91.0007' });
    await shop.records(
      ...thousand('excluded', { cost: '0.125', vat: 'excluded' }),
      ...thousand('included', { cost: '0.004', vat: 'included' }),
      ...thousand('dollars', { cost: '0.0001', vat: 'none', currency: 'USD' }),
      row('turn', { id: '1', date: '2025-12-27', to_date: '2026-01-03', cost: '1000.123457', vat: 'included' }),
      row('back', { id: '1', date: '2026-03-02', to_date: '2026-03-08', cost: '-99.990001', vat: 'excluded' }),
      row('cents', { id: '1', to_date: '2026-03-11', cost: '0.07', vat: 'included', currency: 'USD' }),
      row('alone', { id: '1', date: '2026-01-15', cost: '0.012', vat: 'none' }),
      record('payment', { source: '1c', id: '1', paid_at: '2026-01-15T10:00:00Z', amount: '1' }),
    );
    await shop.settle();
  });

  it('are rounded once, when they are shown', async () => {
    expect(await adCost('excluded')).toEqual({ gross: 152.5, net: 125 });
    expect(await adCost('included')).toEqual({ gross: 4, net: 3.28 });
    expect(await adCost('dollars')).toEqual({ gross: 8.01, net: 8.01 });
  });

  it('each have a row in a report that asks for them', async () => {
    const filters = [{ field: 'source', op: 'eq', value: 'included' }];
    expect((await report({ dimensions: ['keyword'], filters, limit: 2000 })).rows).toHaveLength(1000);
  });

  it('are shown with two digits in every format, and taken unrounded into ratios', async () => {
    const day = { from: '2026-01-15', to: '2026-01-15' };
    const answer = await report({ metrics: ['ad_cost', 'profit', 'drr'], granularity: 'day', ...day });
    expect(answer.rows).toEqual([{ date: '2026-01-15', ad_cost: 0.01, profit: 0.99, drr: 0.012 }]);
    expect(toCsv(answer)).toBe('date,ad_cost,profit,drr\r\n2026-01-15,0.01,0.99,0.012\r\n');
    const table = tableFromIPC(toArrow(answer));
    expect(table.toArray().map((line) => line.toJSON())).toEqual(answer.rows);
  });

  it('over several days have parts that sum to the whole, without VAT and in the currency of the shop too', async () => {
    const sums = await shop.warehouse.query(
      `SELECT cost_source, count() AS days, toString(sum(cost_net)) AS net, toString(sum(cost_gross)) AS gross, sum(vat) = sum(cost_gross) - sum(cost_net) AS fits,
         toString(sum(cost_net_base)) AS net_base, toString(sum(cost_gross_base)) AS gross_base
       FROM costs FINAL WHERE project = {project:String} AND cost_source IN ('turn', 'back', 'cents') GROUP BY cost_source ORDER BY cost_source`,
      { project: shop.project },
    );
    const own = { days: '7', gross: '-121.987801', net: '-99.990001', fits: 1 };
    expect(sums).toEqual([
      { cost_source: 'back', ...own, net_base: own.net, gross_base: own.gross },
      // 0.01 a day: two days at 80.1234, five at 91.0007.
      {
        cost_source: 'cents',
        days: '7',
        gross: '0.07',
        net: '0.057377',
        fits: 1,
        net_base: '5.043035',
        gross_base: '6.152503',
      },
      // 625.093457 ÷ 1.2 of the old year and 375.03 ÷ 1.22 of the new one.
      {
        cost_source: 'turn',
        days: '8',
        gross: '1000.123457',
        net: '828.312854',
        fits: 1,
        net_base: '828.312854',
        gross_base: '1000.123457',
      },
    ]);
  });
});
