import type { Warehouse } from '../warehouse/warehouse.ts';
import { shop } from './fill-marts.ts';

/** A number of a report by the row it stands in: `visits`, `ad_cost`, `revenue`, `cogs`. */
export type Figures = Map<string, Record<string, number>>;

/** How a report groups: what stands for the row in each table, and which model credits deals. */
export interface HandReport {
  readonly visits: string;
  readonly costs: string;
  /** The row of a touch; undefined: no credit is needed, and `deals` names the row of a deal. */
  readonly touch?: string;
  readonly deals?: string;
  readonly model?: 'last_non_direct' | 'linear';
  readonly noTouch?: string;
  readonly campaignNames?: boolean;
}

const zone = "'Europe/Moscow'";
const period = (column: string): string => `toDate(${column}, ${zone}) BETWEEN '${shop.from}' AND '${shop.to}'`;

const names = (report: HandReport, alias: string): string =>
  report.campaignNames
    ? `LEFT JOIN (SELECT platform, campaign_id, campaign FROM campaigns FINAL WHERE project = 'bench' AND is_deleted = 0) AS n ON n.platform = ${alias}.platform AND n.campaign_id = ${alias}.campaign_id`
    : '';

const visitsSql = (report: HandReport): string => `SELECT ${report.visits} AS key, count() AS visits
FROM visits AS v FINAL ${names(report, 'v')}
WHERE v.project = 'bench' AND is_deleted = 0 AND NOT is_bot AND ${period('started_at')} GROUP BY key`;

const costsSql = (report: HandReport): string => `SELECT ${report.costs} AS key, sum(cost_gross_base) AS ad_cost
FROM costs AS c FINAL ${names(report, 'c')}
WHERE c.project = 'bench' AND is_deleted = 0 AND kind IN ('media', 'fee') AND date BETWEEN '${shop.from}' AND '${shop.to}' GROUP BY key`;

const dealMoney = `SELECT concat('deal:', d.deal_key) AS path_id, d.created_at AS created_at, p.revenue AS revenue,
  if(d.is_sale, ifNull(d.cogs, 0), 0) AS cogs
FROM deals AS d FINAL LEFT JOIN (
  SELECT deal_key, sum(amount_base) AS revenue FROM payments FINAL WHERE project = 'bench' AND is_deleted = 0 GROUP BY deal_key
) AS p ON p.deal_key = d.deal_key
WHERE d.project = 'bench' AND d.is_deleted = 0 AND d.same_as = '' AND ${period('d.created_at')}`;

const touchesOf = (report: HandReport): string => `FROM deal_touches AS t FINAL ${names(report, 't')}
WHERE t.project = 'bench' AND is_deleted = 0 AND dropped = '' AND touched_at <= conversion_at
  AND toDate(touched_at, ${zone}) >= toDate(conversion_at, ${zone}) - 90 GROUP BY path_id`;

const lastKnown = (report: HandReport): string => `SELECT path_id,
  if(countIf(channel != 'Direct') > 0, argMaxIf(${report.touch}, (touched_at, touch_id), channel != 'Direct'), argMax(${report.touch}, (touched_at, touch_id))) AS key,
  1 AS share
${touchesOf(report)}`;

const everyKnown = (report: HandReport): string => `SELECT path_id, key, 1 / length(keys) AS share FROM (
  SELECT path_id, groupArrayIf(${report.touch}, channel != 'Direct') AS known, if(empty(known), groupArray(${report.touch}), known) AS keys
  ${touchesOf(report)}
) ARRAY JOIN keys AS key`;

function moneySql(report: HandReport): string {
  if (report.touch === undefined) {
    return `SELECT ${report.deals} AS key, sum(revenue) AS revenue, sum(cogs) AS cogs FROM (${dealMoney}) GROUP BY key`;
  }
  const credit = report.model === 'linear' ? everyKnown(report) : lastKnown(report);
  return `SELECT if(c.path_id = '', '${report.noTouch}', c.key) AS key,
  sum(toFloat64(revenue) * if(c.path_id = '', 1, c.share)) AS revenue, sum(toFloat64(cogs) * if(c.path_id = '', 1, c.share)) AS cogs
FROM (${dealMoney}) AS m LEFT JOIN (${credit}) AS c ON c.path_id = m.path_id GROUP BY key`;
}

/** The report as somebody who knows the tables would ask for it: a query per fact, put together by the row. */
export async function askByHand(warehouse: Warehouse, report: HandReport): Promise<Figures> {
  const queries = [visitsSql(report), costsSql(report), moneySql(report)];
  const answers = await Promise.all(queries.map((query) => warehouse.query<Record<string, string>>(query)));
  const figures: Figures = new Map();
  for (const { key = '', ...values } of answers.flat()) {
    const row = figures.get(key) ?? {};
    for (const [name, value] of Object.entries(values)) row[name] = Number(value);
    figures.set(key, row);
  }
  return figures;
}
