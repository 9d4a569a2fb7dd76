import { type CurrencyRate, currencyRateSchema } from '../../domain/currency-rate.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { loadRates } from '../../etl/load-rates.ts';
import { type Imported, nothingImported, readTable } from './import-file.ts';
import type { Installation } from './installation.ts';

/** Reads a table of currency rates, wholly or not at all, and counts again what they price. The reasons name each row and column at fault. */
export async function importRates(installation: Installation, path: string): Promise<Result<Imported, string>> {
  const rows = await readTable(path);
  if (!rows.ok) return rows;
  const checked = checkRates(rows.value, installation.config.currency);
  if (!checked.ok) return checked;
  const { changed, repriced } = await loadRates(installation.pipeline(), checked.value);
  return ok({
    records: rows.value.length,
    noun: 'rates',
    rejected: 0,
    remark: `${changed} new or changed, ${repriced} deals, payments and costs counted anew`,
  });
}

function checkRates(rows: readonly unknown[], ownCurrency: string): Result<CurrencyRate[], string> {
  const faults: string[] = [];
  const rates = new Map<string, { readonly row: number; readonly rate: CurrencyRate }>();
  for (const [index, payload] of rows.entries()) {
    const row = index + 1;
    const parsed = currencyRateSchema.safeParse(payload);
    if (!parsed.success) {
      faults.push(
        ...parsed.error.issues.map(({ path, message }) => `  row ${[row, ...path.map(String)].join(', ')}: ${message}`),
      );
      continue;
    }
    const rate = parsed.data;
    const key = `${rate.currency} ${rate.date}`;
    const other = rates.get(key);
    if (rate.currency === ownCurrency)
      faults.push(`  row ${row}, currency: ${ownCurrency} is the project's own currency, its rate is always 1`);
    else if (other !== undefined && other.rate.rate !== rate.rate)
      faults.push(`  row ${row}, rate: row ${other.row} gives another rate of ${rate.currency} for ${rate.date}`);
    else rates.set(key, { row, rate });
  }
  return faults.length === 0
    ? ok([...rates.values()].map(({ rate }) => rate))
    : failed('invalid_rows', 'file', nothingImported(faults));
}
