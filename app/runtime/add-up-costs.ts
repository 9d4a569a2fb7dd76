import { micros, toMicros } from '../../domain/micros.ts';
import { amountFromMicros } from '../../domain/money.ts';
import { type CostInput, costInputSchema } from '../../domain/record/cost.ts';
import { recordKey } from '../../domain/record/raw-record.ts';
import type { PushedRow } from '../../etl/push.ts';

export interface CostRow {
  /** Of the row in its file, from 1. */
  readonly number: number;
  readonly input: CostInput;
  readonly payload: unknown;
}

export interface AddedUpCosts {
  readonly pushed: readonly PushedRow[];
  /** Rows that were added up, and the places that they make. */
  readonly addedUp: number;
  readonly places: number;
  /** A line each, in words for the owner of the file. */
  readonly faults: readonly string[];
}

/**
 * Costs of a file without ids are known by their place: a row each, so that the file replaces itself when it comes again with other rows.
 * Rows of one place become their sum. `currency`: what rows are in that do not say it.
 */
export function addUpCosts(rows: readonly CostRow[], currency: string): AddedUpCosts {
  const pushed: PushedRow[] = [];
  const faults: string[] = [];
  let addedUp = 0;
  let places = 0;
  for (const [first, ...others] of byPlace(rows)) {
    if (others.length === 0) {
      pushed.push(toPushed(first.input, first.payload));
      continue;
    }
    places += 1;
    addedUp += 1 + others.length;
    const sum = addUp(first, others, currency);
    if (typeof sum === 'string') faults.push(`  ${sum}`);
    else pushed.push(sum);
  }
  return { pushed, addedUp, places, faults };
}

type Place = [CostRow, ...CostRow[]];

function byPlace(rows: readonly CostRow[]): Iterable<Place> {
  const places = new Map<string, Place>();
  for (const row of rows) {
    const key = row.input.id === undefined ? recordKey({ entity: 'cost', input: row.input }) : `#${row.number}`;
    const place = places.get(key);
    if (place === undefined) places.set(key, [row]);
    else place.push(row);
  }
  return places.values();
}

const toPushed = (input: CostInput, payload: unknown): PushedRow => ({
  mapped: { ok: true, item: { entity: 'cost', input } },
  payload,
});

/** The sum of the rows, or why there is none. */
function addUp(first: CostRow, others: readonly CostRow[], currency: string): PushedRow | string {
  for (const other of others) {
    const difference = differenceOf(first.input, other.input, currency);
    if (difference !== undefined)
      return `rows ${first.number} and ${other.number} are costs of one place (the same in all but the amounts and a name beside its id) but differ in ${difference}: give each an id, or make them agree`;
  }
  const rows = [first, ...others];
  const inputs = rows.map(({ input }) => input);
  const sum = costInputSchema.safeParse({
    ...first.input,
    cost: amountFromMicros(inputs.reduce((total, { cost }) => total + toMicros(cost), 0n)),
    impressions: addUpCounts(inputs.map(({ impressions }) => impressions)),
    clicks: addUpCounts(inputs.map(({ clicks }) => clicks)),
  });
  if (sum.success)
    return toPushed(
      sum.data,
      rows.map(({ payload }) => payload),
    );
  const [issue] = sum.error.issues;
  return `row ${first.number}, with the others of its place added up: ${issue?.path.join('.')}: ${issue?.message}`;
}

/** Undefined when no row says it. */
function addUpCounts(counts: readonly (number | undefined)[]): number | undefined {
  const said = counts.filter((count) => count !== undefined);
  return said.length === 0 ? undefined : said.reduce((sum, count) => sum + count, 0);
}

/** What amounts that are added up must have in common, as users spell it. */
const spelled = {
  currency: ({ currency }: CostInput, projectCurrency: string) => currency ?? projectCurrency,
  vat: ({ vat }: CostInput) => vat,
  vat_rate: ({ vat_rate: rate }: CostInput) => rate ?? 'not said',
  deleted: ({ deleted }: CostInput) => deleted ?? false,
};

/** 22 and 0.22 are one rate. */
function rateMicros({ vat_rate: rate }: CostInput): bigint | undefined {
  const said = rate === undefined ? undefined : toMicros(rate);
  return said !== undefined && said > micros ? said / 100n : said;
}

function differenceOf(left: CostInput, right: CostInput, currency: string): string | undefined {
  for (const [field, spell] of Object.entries(spelled)) {
    const [one, other] = [spell(left, currency), spell(right, currency)];
    const isSame = field === 'vat_rate' ? rateMicros(left) === rateMicros(right) : one === other;
    if (!isSame) return `${field} (${one}, ${other})`;
  }
  return undefined;
}
