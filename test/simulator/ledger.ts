import type { State } from './model.ts';
import type { Model } from './truth/credit.ts';
import { type Dimension, hasDimension, type Values } from './truth/dimensions.ts';
import { type Facts, factsOf } from './truth/facts.ts';
import {
  bucketStart,
  bucketsOf,
  type DayNumber,
  dateFromDay,
  dayFromDate,
  type Granularity,
} from './truth/local-day.ts';
import { type MetricName, metrics } from './truth/metrics.ts';
import { type DateBasis, placeAll } from './truth/placements.ts';
import { addTo, type Cell, emptyCell } from './truth/sums.ts';
import type { Phase, World } from './world.ts';

/** The same words as the report API; what is left out takes the API's default. */
export interface LedgerQuestion {
  readonly metrics: readonly MetricName[];
  readonly dimensions?: readonly Dimension[];
  readonly from: string;
  readonly to: string;
  readonly timezone?: string;
  readonly granularity?: Granularity;
  readonly date_basis?: DateBasis;
  readonly attribution?: { readonly model?: Model; readonly window_days?: number };
  readonly horizon_days?: number;
}

export type LedgerRow = Readonly<Record<string, string | number | null>>;

export interface LedgerAnswer {
  /** Cells in which anything happened. Without dimensions and with a granularity: all buckets, the empty ones with zeros. */
  readonly rows: readonly LedgerRow[];
  readonly totals: Readonly<Record<string, number | null>>;
}

export interface PhaseLedger {
  readonly facts: Facts;
  report(question: LedgerQuestion): LedgerAnswer;
}

/** The right answers of a world, from its own books: see `LedgerQuestion`. Counts and ratios are numbers, money is roubles to the kopeck. */
export function createLedger(world: World): { at(phase: Phase): PhaseLedger } {
  return { at: (phase) => ledgerOf(world.state(phase), world.period.nowMs) };
}

/** The right answers of any state. */
export function ledgerOf(state: State, nowMs: number): PhaseLedger {
  const facts = factsOf(state);
  return { facts, report: (question) => answer(facts, nowMs, question) };
}

interface Keyed {
  readonly cell: Cell;
  readonly bucket: DayNumber;
  readonly values: readonly (string | null)[];
}

function answer(facts: Facts, nowMs: number, question: LedgerQuestion): LedgerAnswer {
  const [from, to] = [dayFromDate(question.from), dayFromDate(question.to)];
  const cells = new Map<string, Keyed>();
  const total = emptyCell();
  const { granularity, dimensions = [] } = question;
  const cellAt = (bucket: DayNumber, values: Values): Cell => {
    const row = dimensions.map((dimension) => values[dimension] ?? null);
    const key = JSON.stringify([bucket, ...row]);
    const known = cells.get(key) ?? { cell: emptyCell(), bucket, values: row };
    cells.set(key, known);
    return known.cell;
  };
  if (granularity && dimensions.length === 0) for (const bucket of bucketsOf(from, to, granularity)) cellAt(bucket, {});
  placeAll(facts, placementOf(question, nowMs), (day, values, addition) => {
    if (day < from || day > to) return;
    addTo(total, addition);
    addTo(cellAt(granularity ? bucketStart(day, granularity) : 0, values), addition);
  });
  return {
    rows: [...cells.values()].map((keyed) => rowOf(keyed, question)).filter((row) => hasAny(row, question)),
    totals: metricsOf(total, question.metrics, []),
  };
}

const placementOf = (question: LedgerQuestion, nowMs: number) => ({
  model: question.attribution?.model ?? 'last_non_direct',
  windowDays: question.attribution?.window_days ?? 90,
  timezone: question.timezone ?? 'Europe/Moscow',
  basis: question.date_basis ?? 'touch',
  horizonDays: question.horizon_days ?? 90,
  nowMs,
});

function rowOf(keyed: Keyed, question: LedgerQuestion): LedgerRow {
  const { dimensions = [], granularity } = question;
  return {
    ...(granularity ? { date: dateFromDay(keyed.bucket) } : {}),
    ...Object.fromEntries(dimensions.map((dimension, index) => [dimension, keyed.values[index] ?? null])),
    ...metricsOf(
      keyed.cell,
      question.metrics,
      dimensions.filter((_, index) => (keyed.values[index] ?? null) !== null),
    ),
  };
}

/** `known`: dimensions of which the row has a value. A fact without such a dimension stands in the row without a value, and is null in the others. */
function metricsOf(
  cell: Cell,
  names: readonly MetricName[],
  known: readonly Dimension[],
): Record<string, number | null> {
  const value = (name: MetricName): number | null => {
    const { needs, value: compute } = metrics[name];
    const isKnown = needs.every((kind) => known.every((dimension) => hasDimension(kind, dimension)));
    return isKnown ? compute(cell) : null;
  };
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

/** A row that says nothing of the metrics asked for is no row, unless it keeps the place of an empty bucket. */
function hasAny(row: LedgerRow, question: LedgerQuestion): boolean {
  if (question.granularity && (question.dimensions ?? []).length === 0) return true;
  return question.metrics.some((name) => row[name] !== 0 && row[name] !== null);
}
