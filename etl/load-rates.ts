import type { CurrencyRate } from '../domain/currency-rate.ts';
import { readPrintedAmount } from '../domain/money.ts';
import { addDays, startOfLocalDay } from '../domain/time.ts';
import { type PipelineDeps, rebuildSince } from './pipeline.ts';

export interface LoadedRates {
  /** Rates that are new or differ from what was known. */
  readonly changed: number;
  /** Deals, payments and costs that were priced anew. */
  readonly repriced: number;
}

/** Keeps rates, one for each currency and day, and counts again what they price. Rates that are known already change nothing. */
export async function loadRates(
  deps: PipelineDeps,
  timezone: string,
  rates: readonly CurrencyRate[],
): Promise<LoadedRates> {
  const changed = await newRates(deps, rates);
  await deps.warehouse.insertRows(
    'currency_rates',
    changed.map((rate) => ({ project: deps.project, ...rate })),
  );
  // An import that was cut off has left its rates, and refusals that they should have lifted.
  const isCutOff = (await countUnpriced(deps, pricedBy(deps.project, rates))) > 0;
  const counting = isCutOff ? rates : changed;
  const priced = pricedBy(deps.project, counting);
  const repriced = counting.length === 0 ? 0 : await countPriced(deps, priced);
  const [first] = counting.map(({ date }) => date).sort();
  if (repriced > 0 && first !== undefined) {
    // A rate counts from its day in UTC on, which begins on the day before in zones west of it.
    const day = addDays(first, -1);
    await rebuildSince(deps, { day, atMs: startOfLocalDay(day, timezone) });
    await forgetUnpriced(deps, priced);
  }
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

interface Priced {
  readonly project: string;
  /** First day on which the price of a currency may have changed. */
  readonly from: Readonly<Record<string, string>>;
}

function pricedBy(project: string, rates: readonly CurrencyRate[]): Priced {
  const from: Record<string, string> = {};
  for (const { currency, date } of rates) from[currency] = [from[currency] ?? date, date].sort()[0] ?? date;
  return { project, from };
}

// The day of a record is the one by which the stage `clean` chooses its rate.
const pricedRecords = `
  SELECT concat('no_rate:', entity, ':', source, ':', record_id) AS unpriced_id
  FROM raw_records
  WHERE project = {project:String} AND entity IN ('deal', 'payment', 'cost')
    AND mapContains({from:Map(String, String)}, JSONExtractString(record, 'currency'))
    AND substring(multiIf(entity = 'deal', JSONExtractString(record, 'created_at'), entity = 'payment', JSONExtractString(record, 'paid_at'), JSONExtractString(record, 'date')), 1, 10)
      >= {from:Map(String, String)}[JSONExtractString(record, 'currency')]`;

async function countPriced({ warehouse }: PipelineDeps, { project, from }: Priced): Promise<number> {
  const [row] = await warehouse.query<{ records: string }>(
    `SELECT uniqExact(unpriced_id) AS records FROM (${pricedRecords})`,
    { project, from },
  );
  return Number(row?.records ?? 0);
}

const unpriced = `project = {project:String} AND reason = 'no_rate' AND rejected_id IN (${pricedRecords})`;

async function countUnpriced({ warehouse }: PipelineDeps, { project, from }: Priced): Promise<number> {
  const sql = `SELECT count() AS records FROM rejected FINAL WHERE ${unpriced}`;
  const [row] = await warehouse.query<{ records: string }>(sql, { project, from });
  return Number(row?.records ?? 0);
}

/** What has a rate now was refused for want of one: `rejected` must not go on saying so. */
const forgetUnpriced = ({ warehouse }: PipelineDeps, { project, from }: Priced): Promise<void> =>
  warehouse.command(`DELETE FROM rejected WHERE ${unpriced}`, { project, from });
