import { addDays } from '../../domain/time.ts';
import type { Query, SortField } from '../contract.ts';
import { findDimension } from '../registry/dimensions.ts';
import { baseMetricsOf, findMetric } from '../registry/metrics.ts';
import { readCursor } from './cursor.ts';
import { conditionsOf, filterKind, flattenAnd } from './filter-fields.ts';
import { maxConditions } from './limits.ts';
import { fieldErrors } from './messages.ts';
import { type FieldError, type Outcome, refused } from './problem.ts';
import type { ReportProject } from './project.ts';
import { type ParsedRequest, requestSchema } from './schema.ts';

const maxYears = 10;

const error = (path: string, message: string): FieldError => ({ path, message });

function periodErrors({ from, to }: ParsedRequest): readonly FieldError[] {
  if (from > to) return [error('from', `must not be after "to" (${to})`)];
  if (from < '1990-01-01') return [error('from', 'must not be before 1990-01-01')];
  if (to >= '2100-01-01') return [error('to', 'must be before 2100-01-01')];
  const last = `${Number(from.slice(0, 4)) + maxYears}${from.slice(4)}`;
  return to > addDays(last, -1) ? [error('to', `a report covers at most ${maxYears} years`)] : [];
}

function vatErrors(request: ParsedRequest, project: ReportProject): readonly FieldError[] {
  if (request.vat === 'gross') return [];
  const withMoney = request.metrics.filter((name) =>
    baseMetricsOf([name], project.moneySource).some(
      (base) => base.kind === 'sum' && base.measure === 'money' && base.fact !== 'costs',
    ),
  );
  if (withMoney.length === 0) return [];
  return [
    error(
      'vat',
      `the VAT inside payments and deals is not known, so ${withMoney.join(', ')} cannot be net; ask for gross, or for metrics of costs alone`,
    ),
  ];
}

function sortErrors(request: ParsedRequest): readonly FieldError[] {
  return (request.sort ?? []).flatMap(({ field }, index) => {
    const known = findMetric(field) !== undefined || request.dimensions.includes(field);
    const isDate = field === 'date' && request.granularity !== null;
    return known || isDate
      ? []
      : [
          error(
            `sort.${index}.field`,
            'expected a metric, a dimension of this report, or date when there is a granularity',
          ),
        ];
  });
}

function filterErrors(request: ParsedRequest): readonly FieldError[] {
  if (request.filters.flatMap(conditionsOf).length > maxConditions) {
    return [
      error('filters', `at most ${maxConditions} conditions in all; a list of values is one condition: {"op": "in"}`),
    ];
  }
  return request.filters.flatMap((filter, index) =>
    flattenAnd([filter]).some((part) => filterKind(part) === 'mixed')
      ? [
          error(
            `filters.${index}.or`,
            'one "or" cannot mix dimensions and metrics: dimensions choose what is added up, metrics choose rows afterwards',
          ),
        ]
      : [],
  );
}

function defaultSort(request: ParsedRequest): readonly SortField[] {
  const byMetric = request.metrics.slice(0, 1).map((field) => ({ field, desc: true }));
  return request.granularity === null ? byMetric : [{ field: 'date', desc: false }, ...byMetric];
}

function spellOut(request: ParsedRequest): Query {
  return { ...request, sort: request.sort ?? defaultSort(request) };
}

const schemas = new WeakMap<ReportProject, ReturnType<typeof requestSchema>>();

/** A schema takes longer to make than to use. */
function schemaOf(project: ReportProject): ReturnType<typeof requestSchema> {
  const schema = schemas.get(project) ?? requestSchema(project);
  schemas.set(project, schema);
  return schema;
}

/** A request from outside, checked and with every default spelled out; the errors name each field at fault. */
export function parseReport(input: unknown, project: ReportProject): Outcome<Query> {
  const parsed = schemaOf(project).safeParse(input);
  if (!parsed.success) return refused(...fieldErrors(parsed.error));
  const request = parsed.data;
  const errors = [
    ...periodErrors(request),
    ...vatErrors(request, project),
    ...sortErrors(request),
    ...filterErrors(request),
  ];
  if (errors.length > 0) return refused(...errors);
  const query = spellOut(request);
  if (query.cursor !== null && readCursor(query) === undefined) {
    return refused(error('cursor', 'belongs to another report; take next_cursor of the same request, or leave it out'));
  }
  return { ok: true, value: query };
}

/** A dimension of a parsed query. Throws for one that parsing would have refused. */
export function dimensionOf(name: string) {
  const dimension = findDimension(name);
  if (dimension === undefined) throw new Error(`"${name}" is not a dimension.`);
  return dimension;
}
