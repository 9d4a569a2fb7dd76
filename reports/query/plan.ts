import { attributionModel } from '../../domain/attribution/index.ts';
import type { AttributionModel } from '../../domain/attribution/model.ts';
import { addDays, startOfLocalDay } from '../../domain/time.ts';
import type { Filter, Query } from '../contract.ts';
import { type Dimension, livesIn } from '../registry/dimension.ts';
import { type Fact, isCredited, type SumContext } from '../registry/fact.ts';
import type { BaseMetric } from '../registry/metric.ts';
import { baseMetricsOf, findMetric } from '../registry/metrics.ts';
import { conditionsOf, filterKind, flattenAnd } from './filter-fields.ts';
import { judge } from './judge.ts';
import { knownCostParts } from './known-cost.ts';
import { dimensionOf } from './parse.ts';
import type { ReportProject } from './project.ts';

/** What has to be computed for a report, before a word of SQL. */
export interface Plan {
  readonly query: Query;
  readonly project: ReportProject;
  readonly model: AttributionModel;
  /** Dimensions of the rows, in the order asked. */
  readonly dimensions: readonly Dimension[];
  /** Dimensions that filters alone name. */
  readonly filterDimensions: readonly Dimension[];
  /** Filters that choose what is added up; all must hold. */
  readonly where: readonly Filter[];
  /** Filters on metrics that choose rows afterwards; all must hold. */
  readonly having: readonly Filter[];
  /** What SQL computes. */
  readonly base: readonly BaseMetric[];
  /** Facts to read. */
  readonly facts: readonly Fact[];
  /** Facts that the filters ask about something they do not have: their metrics are unknown, not 0. */
  readonly unanswerable: readonly Fact[];
  /** Credited facts are split over the touches of their paths; without, each row counts whole. */
  readonly needsCredit: boolean;
  /** First instant of the period and the first after it. */
  readonly start: Date;
  readonly end: Date;
  readonly context: SumContext;
}

/** Metrics named anywhere in the query, and the parts that the report's notes need. */
function metricNames(query: Query, project: ReportProject): readonly string[] {
  const inFilters = query.filters.flatMap(conditionsOf).map((condition) => condition.field);
  const inSort = query.sort.map((sort) => sort.field);
  const named = [...query.metrics, ...[...inFilters, ...inSort].filter((name) => findMetric(name) !== undefined)];
  return [...named, ...knownCostParts(named, project.moneySource)];
}

function filterDimensions(where: readonly Filter[], rowDimensions: readonly string[]): readonly Dimension[] {
  const names = where.flatMap(conditionsOf).map((condition) => condition.field);
  return [...new Set(names)].filter((name) => !rowDimensions.includes(name)).map(dimensionOf);
}

function modelOf(query: Query): AttributionModel {
  const model = attributionModel(query.attribution.model);
  if (model === undefined) throw new Error(`"${query.attribution.model}" is not a model.`);
  return model;
}

/** Decides which facts are read, which filters apply where, and whether paths are needed at all. */
export function planReport(query: Query, project: ReportProject, now: Date): Plan {
  const filters = flattenAnd(query.filters);
  const where = filters.filter((filter) => filterKind(filter) === 'dimensions');
  const base = baseMetricsOf(metricNames(query, project), project.moneySource);
  const dimensions = query.dimensions.map(dimensionOf);
  const others = filterDimensions(where, query.dimensions);
  const facts = [...new Set(base.map((metric) => metric.fact))];
  const unanswerable = facts.filter((fact) => where.some((filter) => judge(filter, fact) === false));
  const onTouch = [...dimensions, ...others].some((dimension) => dimension.touch !== undefined);
  return {
    query,
    project,
    model: modelOf(query),
    dimensions,
    filterDimensions: others,
    where,
    having: filters.filter((filter) => filterKind(filter) === 'metrics'),
    base,
    facts: facts.filter((fact) => !unanswerable.includes(fact)),
    unanswerable,
    needsCredit: facts.some(isCredited) && (query.date_basis === 'touch' || onTouch),
    start: new Date(startOfLocalDay(query.from, query.timezone)),
    end: new Date(startOfLocalDay(addDays(query.to, 1), query.timezone)),
    context: {
      moneySource: project.moneySource,
      vat: query.vat,
      horizonDays: query.horizon_days,
      now,
    },
  };
}

/** Dimensions of the rows that no row of the fact has. */
export const missingDimensions = (plan: Plan, fact: Fact): readonly Dimension[] =>
  plan.dimensions.filter((dimension) => !livesIn(dimension, fact));
