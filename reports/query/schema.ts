import { z } from 'zod';
import { attributionModels } from '../../domain/attribution/index.ts';
import { currencySchema } from '../../domain/money.ts';
import { dateSchema } from '../../domain/time.ts';
import { findDimension } from '../registry/dimensions.ts';
import { findMetric } from '../registry/metrics.ts';
import { filterSchema } from './filter-schema.ts';
import { oneOf, strict } from './messages.ts';
import type { ReportProject } from './project.ts';
import { isReportTimezone } from './timezone.ts';

export const dateBases = ['touch', 'lead', 'deal', 'payment'] as const;
export const granularities = ['day', 'week', 'month', 'quarter', 'year'] as const;

/** Paths reach back 366 days from the conversion; a longer window would be cut there without a word. */
const maxWindowDays = 365;
const maxMetrics = 60;
const maxDimensions = 10;
export const maxLimit = 100_000;
const defaultLimit = 1000;

const metricName = z
  .string()
  .refine((name) => findMetric(name) !== undefined, { error: 'is not a metric; GET /api/v1/meta lists them' });
const dimensionName = z.string().refine((name) => findDimension(name) !== undefined, {
  error: 'is not a dimension; GET /api/v1/meta lists them, and deal_field:<name> takes a field of the deal',
});

function eachOnce(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

const whole = (min: number, max: number, what: string) => {
  const error = `expected ${what} from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const attributionSchema = strict({
  model: z
    .string()
    .refine((name) => attributionModels.some((model) => model.name === name), {
      error: `expected one of ${attributionModels.map((model) => model.name).join(', ')}`,
    })
    .default(attributionModels[0].name),
  window_days: whole(0, maxWindowDays, 'whole days').default(90),
});

const sortSchema = strict({ field: z.string(), desc: z.boolean().default(false) });

/** A report request as it comes in, field by field; rules across fields are in parse.ts. */
export function requestSchema(project: ReportProject) {
  return strict({
    metrics: z
      .array(metricName)
      .min(1, { error: 'name at least one metric' })
      .max(maxMetrics, { error: `at most ${maxMetrics} metrics` })
      .refine(eachOnce, { error: 'name every metric once' }),
    dimensions: z
      .array(dimensionName)
      .max(maxDimensions, { error: `at most ${maxDimensions} dimensions` })
      .refine(eachOnce, { error: 'name every dimension once' })
      .default([]),
    from: dateSchema,
    to: dateSchema,
    timezone: z
      .string()
      .refine(isReportTimezone, { error: 'is not a time zone; expected a name such as Europe/Moscow' })
      .default(project.timezone),
    granularity: oneOf(granularities).nullable().default(null),
    date_basis: oneOf(dateBases).default('deal'),
    attribution: attributionSchema.prefault({}),
    filters: z.array(filterSchema).max(100, { error: 'at most 100 filters' }).default([]),
    sort: z.array(sortSchema).max(20, { error: 'at most 20 fields to sort by' }).optional(),
    limit: whole(1, maxLimit, 'a whole number').default(defaultLimit),
    cursor: z.string().nullable().default(null),
    currency: currencySchema
      .refine((code) => code === project.currency, {
        error: `reports of this project are in ${project.currency}; amounts are converted when they are loaded`,
      })
      .default(project.currency),
    vat: oneOf(['gross', 'net']).default('gross'),
    include_bots: z.boolean().default(false),
    horizon_days: whole(1, 3650, 'whole days').default(90),
  });
}

export type ParsedRequest = z.output<ReturnType<typeof requestSchema>>;
