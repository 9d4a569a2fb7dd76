import type { Column, Query, Row, Value } from '../contract.ts';
import type { Dimension } from '../registry/dimension.ts';
import type { Fact } from '../registry/fact.ts';
import { findMetric, metricByName } from '../registry/metrics.ts';
import { bucketsOf } from './buckets.ts';
import { writeCursor } from './cursor.ts';
import { conditionsOf } from './filter-fields.ts';
import { passes } from './having.ts';
import { maxGroups } from './limits.ts';
import { toNumber } from './measure.ts';
import type { Sums } from './merge-sums.ts';
import type { SumRow } from './part.ts';
import { missingDimensions, type Plan } from './plan.ts';
import { sortRows } from './sort.ts';
import { type BaseValues, metricValue } from './values.ts';

export interface Shaped {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly totals: Row;
  readonly next_cursor: string | null;
}

/** One row on its way to the answer: its keys, and every metric that the report shows, filters or sorts by. */
export interface Cell {
  readonly date: string | null;
  readonly keys: readonly Value[];
  readonly metrics: Readonly<Record<string, number | null>>;
}

function keyOf(dimension: Dimension, text: string): Value {
  if (text === '') return null;
  return dimension.type === 'number' ? Number(text) : text;
}

/** Facts that have no answer for a row. A fact without one of the row's dimensions answers only where that dimension has no value. */
function silentFacts(plan: Plan, keys: readonly Value[]): ReadonlySet<Fact> {
  const silent = plan.facts.filter((fact) =>
    missingDimensions(plan, fact).some((dimension) => keys[plan.dimensions.indexOf(dimension)] !== null),
  );
  return new Set([...plan.unanswerable, ...silent]);
}

function metricsOf(plan: Plan, names: readonly string[], row: SumRow | undefined, silent: ReadonlySet<Fact>) {
  const base: BaseValues = (metric) => (silent.has(metric.fact) ? null : BigInt(row?.[metric.name] ?? 0));
  return Object.fromEntries(
    names.map((name) => {
      const metric = metricByName(name);
      const value = metricValue(metric, base, plan.project.moneySource);
      return [name, value === null ? null : toNumber(value, metric.unit)] as const;
    }),
  );
}

/** Metrics to compute per row: those asked for, and those that filters and sorting name. */
function metricNames(plan: Plan): readonly string[] {
  return [...new Set([...plan.query.metrics, ...metricsNamed(plan)])];
}

function metricsNamed(plan: Plan): readonly string[] {
  const sorted = plan.query.sort.map((sort) => sort.field).filter((field) => findMetric(field) !== undefined);
  return [...sorted, ...plan.having.flatMap(conditionsOf).map((condition) => condition.field)];
}

function cellsOf(plan: Plan, names: readonly string[], rows: readonly SumRow[]): readonly Cell[] {
  return rows.map((row) => {
    const keys = plan.dimensions.map((dimension, index) => keyOf(dimension, row[`dim_${index}`] ?? ''));
    return { date: row.bucket ?? null, keys, metrics: metricsOf(plan, names, row, silentFacts(plan, keys)) };
  });
}

/** Every bucket of the period for every combination of dimensions that occurs. Undefined when these are too many. */
function fill(plan: Plan, names: readonly string[], cells: readonly Cell[]): readonly Cell[] | undefined {
  if (plan.query.granularity === null) return cells;
  const buckets = bucketsOf(plan.query.from, plan.query.to, plan.query.granularity);
  const combinations = new Map<string, { keys: readonly Value[]; byDate: Map<string | null, Cell> }>();
  if (plan.dimensions.length === 0) combinations.set('[]', { keys: [], byDate: new Map() });
  for (const cell of cells) {
    const id = JSON.stringify(cell.keys);
    const combination = combinations.get(id) ?? { keys: cell.keys, byDate: new Map() };
    combination.byDate.set(cell.date, cell);
    combinations.set(id, combination);
  }
  if (combinations.size * buckets.length > maxGroups) return undefined;
  return [...combinations.values()].flatMap(({ keys, byDate }) =>
    buckets.map(
      (date) => byDate.get(date) ?? { date, keys, metrics: metricsOf(plan, names, undefined, silentFacts(plan, keys)) },
    ),
  );
}

function columnsOf(plan: Plan): readonly Column[] {
  const date: Column = { name: 'date', kind: 'date', type: 'date' };
  const dimensions = plan.dimensions.map(
    (dimension): Column => ({ name: dimension.name, kind: 'dimension', type: dimension.type }),
  );
  const metrics = plan.query.metrics.map(
    (name): Column => ({ name, kind: 'metric', type: 'number', unit: metricByName(name).unit }),
  );
  return [...(plan.query.granularity === null ? [] : [date]), ...dimensions, ...metrics];
}

function show(query: Query, cell: Cell): Row {
  return Object.fromEntries([
    ...(query.granularity === null ? [] : [['date', cell.date] as const]),
    ...query.dimensions.map((name, index) => [name, cell.keys[index] ?? null] as const),
    ...query.metrics.map((name) => [name, cell.metrics[name] ?? null] as const),
  ]);
}

/** Sums as SQL gave them → the answer's rows, totals and page. Undefined when the report has more rows than may be held at once. */
export function shapeReport(plan: Plan, sums: Sums, offset: number): Shaped | undefined {
  const { query } = plan;
  const names = metricNames(plan);
  const grouped = plan.dimensions.length > 0 || query.granularity !== null;
  const rows = grouped ? sums.rows : [sums.total];
  if (rows.length > maxGroups) return undefined;
  const filled = fill(plan, names, cellsOf(plan, names, rows));
  if (filled === undefined) return undefined;
  const chosen = sortRows(
    query,
    filled.filter((cell) => plan.having.every((filter) => passes(filter, cell.metrics))),
  );
  const end = offset + query.limit;
  const totals = metricsOf(plan, query.metrics, sums.total, new Set(plan.unanswerable));
  return {
    columns: columnsOf(plan),
    rows: chosen.slice(offset, end).map((cell) => show(query, cell)),
    totals: Object.fromEntries(query.metrics.map((name) => [name, totals[name] ?? null])),
    next_cursor: end < chosen.length ? writeCursor(query, end) : null,
  };
}
