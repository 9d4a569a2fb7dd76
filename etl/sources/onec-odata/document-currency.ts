import type { OnecLookups } from './lookups.ts';

/** ISO code of a document's currency; undefined when the base names one that is not understood: it is never guessed. */
export function currencyOf(
  row: { Валюта_Key?: string | undefined; ВалютаДокумента_Key?: string | undefined },
  context: { readonly currency: string; readonly lookups: OnecLookups },
): string | undefined {
  const key = row.ВалютаДокумента_Key ?? row.Валюта_Key;
  if (key === undefined || context.lookups.currencies === undefined) return context.currency;
  return context.lookups.currencies[key] || undefined;
}
