import type { CurrencyRate } from '../domain/currency-rate.ts';
import { readPrintedAmount } from '../domain/money.ts';
import { startOfLocalDay } from '../domain/time.ts';
import { type PipelineDeps, rebuildSince } from './pipeline.ts';

export interface LoadedRates {
  /** Rates that are new or differ from what was known. */
  readonly changed: number;
  /** Deals, payments and costs that were priced anew. */
  readonly repriced: number;
}

/**
 * Keeps rates, one for each currency and local day, and counts again what they price. Rates that are known already change nothing,
 * unless the import that brought them was cut off: then it is ended.
 */
export async function loadRates(deps: PipelineDeps, rates: readonly CurrencyRate[]): Promise<LoadedRates> {
  const changed = await newRates(deps, rates);
  await deps.warehouse.insertRows(
    'currency_rates',
    changed.map((rate) => ({ project: deps.project, ...rate })),
  );
  const waiting = await waitingRates(deps);
  if (waiting === undefined) return { changed: changed.length, repriced: 0 };
  const repriced = await countPriced(deps, waiting);
  const { firstDay } = waiting;
  if (repriced > 0) await rebuildSince(deps, { day: firstDay, atMs: startOfLocalDay(firstDay, deps.rules.timezone) });
  await markCounted(deps, waiting);
  return { changed: changed.length, repriced };
}

async function newRates(deps: PipelineDeps, rates: readonly CurrencyRate[]): Promise<CurrencyRate[]> {
  const known = await deps.warehouse.query<CurrencyRate>(
    'SELECT currency, toString(date) AS date, toString(rate) AS rate FROM currency_rates FINAL WHERE project = {project:String}',
    { project: deps.project },
  );
  const keyOf = ({ currency, date, rate }: CurrencyRate): string => `${currency} ${date} ${readPrintedAmount(rate)}`;
  const knownKeys = new Set(known.map(keyOf));
  return rates.filter((rate) => !knownKeys.has(keyOf(rate)));
}

/** Rates that nothing has been counted with since they were kept. */
interface Waiting {
  /** First local day on which the price of a currency may have changed. */
  readonly from: Readonly<Record<string, string>>;
  /** The earliest of those days. */
  readonly firstDay: string;
  /** When the newest of the rates was kept. */
  readonly keptAt: string;
}

async function waitingRates({ warehouse, project }: PipelineDeps): Promise<Waiting | undefined> {
  const rows = await warehouse.query<{ currency: string; first_day: string; kept_at: string }>(
    `SELECT currency, toString(min(date)) AS first_day, toString(max(loaded_at)) AS kept_at
     FROM currency_rates FINAL WHERE project = {project:String} AND counted = 0 GROUP BY currency`,
    { project },
  );
  const firstDay = rows.map(({ first_day }) => first_day).sort()[0];
  const keptAt = rows
    .map(({ kept_at }) => kept_at)
    .sort()
    .at(-1);
  if (firstDay === undefined || keptAt === undefined) return undefined;
  return { from: Object.fromEntries(rows.map(({ currency, first_day }) => [currency, first_day])), firstDay, keptAt };
}

/** A rate that another import has corrected meanwhile was kept later, and goes on waiting. */
const markCounted = ({ warehouse, project }: PipelineDeps, { keptAt }: Waiting): Promise<void> =>
  warehouse.command(
    `INSERT INTO currency_rates (project, currency, date, rate, counted, loaded_at)
     SELECT project, currency, date, rate, 1, loaded_at FROM currency_rates FINAL
     WHERE project = {project:String} AND counted = 0 AND loaded_at <= {kept_at:DateTime64(3, 'UTC')}`,
    { project, kept_at: keptAt },
  );

/**
 * How many deals, payments and costs the rates price. The days are those by which the stage `clean` chooses rates; what an order says of
 * its own payment without a sum is in the currency of the order.
 */
async function countPriced({ warehouse, project, rules }: PipelineDeps, { from }: Waiting): Promise<number> {
  const [row] = await warehouse.query<{ records: string }>(
    `WITH
       orders AS (
         SELECT DISTINCT source, record_id AS order_id, JSONExtractString(record, 'currency') AS order_currency
         FROM raw_records
         WHERE project = {project:String} AND entity = 'deal' AND mapContains({from:Map(String, String)}, order_currency)
       ),
       dated AS (
         SELECT entity, source, record_id, JSONExtractString(record, 'currency') AS own_currency,
           JSONExtractString(record, 'deal_id') AS order_id,
           if(entity = 'cost', greatest(JSONExtractString(record, 'date'), JSONExtractString(record, 'to_date')),
             toString(toDate(parseDateTime64BestEffortOrZero(JSONExtractString(record, if(entity = 'deal', 'created_at', 'paid_at')), 3, 'UTC'), {timezone:String}))) AS day
         FROM raw_records
         WHERE project = {project:String} AND entity IN ('deal', 'payment', 'cost')
       )
     SELECT uniqExact(entity, source, record_id) AS records
     FROM dated LEFT JOIN orders USING (source, order_id)
     WHERE (if(own_currency = '' AND entity = 'payment', order_currency, own_currency) AS currency) != ''
       AND mapContains({from:Map(String, String)}, currency) AND day >= {from:Map(String, String)}[currency]`,
    { project, from, timezone: rules.timezone },
  );
  return Number(row?.records ?? 0);
}
