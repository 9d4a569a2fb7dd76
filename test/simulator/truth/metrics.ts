import type { FactKind } from './dimensions.ts';
import { type Cell, one } from './sums.ts';

interface Metric {
  /** Kinds of facts it is made of: where one of them lacks a dimension, the metric is null. */
  readonly needs: readonly FactKind[];
  readonly value: (cell: Cell) => number | null;
}

const count = (billionths: bigint): number => Number(billionths) / Number(one);
const money = (kopecks: bigint): number => Number(kopecks) / 100;
/** Hundredths of a kopeck, not rounded: for ratios. */
const exact = (hundredths: bigint): number => Number(hundredths) / 10_000;
/** Hundredths of a kopeck as they are shown: to the kopeck, half a kopeck away from zero. */
const shown = (hundredths: bigint): number => money(divideRounded(hundredths, 100n));
const divideRounded = (value: bigint, divisor: bigint): bigint =>
  (2n * value + (value < 0n ? -divisor : divisor)) / (2n * divisor);
/** Money for one of something: money too, to the kopeck. */
const each = (roubles: number, number: number): number | null =>
  number === 0 ? null : Math.round((roubles * 100) / number) / 100;
const ratio = (above: number, below: number): number | null => (below === 0 ? null : above / below);

const revenue = (cell: Cell): bigint => cell.sums.paid - cell.sums.refunded;
const grossProfit = (cell: Cell): bigint => revenue(cell) - cell.sums.cogs - cell.sums.delivery;
/** Less the ad cost, in its hundredths of a kopeck. */
const lessAdCost = (cell: Cell, kopecks: bigint): bigint => kopecks * 100n - cell.sums.adCost;
const profit = (cell: Cell): bigint => lessAdCost(cell, grossProfit(cell));

const visits = (cell: Cell): number => Number(cell.sums.visits);
const leads = (cell: Cell): number => count(cell.sums.leads);
const sales = (cell: Cell): number => count(cell.sums.sales);
const newClients = (cell: Cell): number => count(cell.sums.newClients);
const adCost = (cell: Cell): number => exact(cell.sums.adCost);
/** Ad cost of one of something that is counted in parts, `one` of them for each. */
const adCostPer = (cell: Cell, parts: bigint, one: bigint): number | null =>
  parts === 0n ? null : money(divideRounded(cell.sums.adCost * one, parts * 100n));
const clicks = (cell: Cell): number => Number(cell.sums.clicks);
const impressions = (cell: Cell): number => Number(cell.sums.impressions);

const metric = (needs: readonly FactKind[], value: Metric['value']): Metric => ({ needs, value });

/** Every metric the shop's facts allow, from the sums of a cell. Ratios are null where the denominator is 0. */
export const metrics = {
  visits: metric(['visit'], visits),
  visitors: metric(['visit'], (cell) => cell.visitors.size),
  pageviews: metric(['visit'], (cell) => Number(cell.sums.pageviews)),
  leads: metric(['lead'], leads),
  deals: metric(['deal'], (cell) => count(cell.sums.deals)),
  sales: metric(['deal'], sales),
  new_clients: metric(['deal'], newClients),
  impressions: metric(['cost'], impressions),
  clicks: metric(['cost'], clicks),
  deal_amount: metric(['deal'], (cell) => money(cell.sums.dealAmount)),
  paid: metric(['deal'], (cell) => money(cell.sums.paid)),
  refunded: metric(['deal'], (cell) => money(cell.sums.refunded)),
  revenue: metric(['deal'], (cell) => money(revenue(cell))),
  cogs: metric(['deal'], (cell) => money(cell.sums.cogs)),
  gross_profit: metric(['deal'], (cell) => money(grossProfit(cell))),
  ad_cost: metric(['cost'], (cell) => shown(cell.sums.adCost)),
  profit: metric(['deal', 'cost'], (cell) => shown(profit(cell))),
  conversion_lead: metric(['lead', 'visit'], (cell) => ratio(leads(cell), visits(cell))),
  conversion_sale: metric(['deal', 'lead'], (cell) => ratio(sales(cell), leads(cell))),
  conversion: metric(['deal', 'visit'], (cell) => ratio(sales(cell), visits(cell))),
  aov: metric(['deal'], (cell) => each(money(revenue(cell)), sales(cell))),
  roi: metric(['deal', 'cost'], (cell) => ratio(exact(profit(cell)), adCost(cell))),
  romi: metric(['deal', 'cost'], (cell) => ratio(exact(lessAdCost(cell, revenue(cell))), adCost(cell))),
  roas: metric(['deal', 'cost'], (cell) => ratio(money(revenue(cell)), adCost(cell))),
  drr: metric(['deal', 'cost'], (cell) => ratio(adCost(cell), money(revenue(cell)))),
  cpc: metric(['cost'], (cell) => adCostPer(cell, cell.sums.clicks, 1n)),
  ctr: metric(['cost'], (cell) => ratio(clicks(cell), impressions(cell))),
  cpv: metric(['cost', 'visit'], (cell) => adCostPer(cell, cell.sums.visits, 1n)),
  cpl: metric(['cost', 'lead'], (cell) => adCostPer(cell, cell.sums.leads, one)),
  cpo: metric(['cost', 'deal'], (cell) => adCostPer(cell, cell.sums.sales, one)),
  cac: metric(['cost', 'deal'], (cell) => adCostPer(cell, cell.sums.newClients, one)),
  margin: metric(['deal'], (cell) => ratio(money(grossProfit(cell)), money(revenue(cell)))),
  sales_cycle_days: metric(['deal'], (cell) => ratio(Number(cell.sums.cycle) / 86_400_000, Number(cell.sums.sales))),
  ltv: metric(['deal'], (cell) => matured(cell, cell.sums.ltvRevenue - cell.sums.ltvCosts)),
  ltv_revenue: metric(['deal'], (cell) => matured(cell, cell.sums.ltvRevenue)),
  purchase_frequency: metric(['deal'], (cell) => ratio(sales(cell), cell.clients.size)),
  repeat_rate: metric(['deal'], (cell) => ratio(repeaters(cell), cell.clients.size)),
} as const satisfies Record<string, Metric>;
export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as MetricName[];

const matured = (cell: Cell, kopecks: bigint): number | null =>
  cell.hasImmature ? null : each(money(kopecks), newClients(cell));

const repeaters = (cell: Cell): number => [...cell.clients.values()].filter((bought) => bought.size >= 2).length;
