import { z } from 'zod';
import { runCompiled } from '../../warehouse/dialect/compile-only.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { findDimension } from '../registry/dimensions.ts';
import { fieldErrors, strict } from './messages.ts';
import { dimensionOf } from './parse.ts';
import { type Outcome, refused } from './problem.ts';
import type { ReportProject } from './project.ts';
import { valuesQuery } from './values-query.ts';

const limitError = 'expected a whole number from 1 to 1000';

const requestSchema = strict({
  dimension: z
    .string({ error: 'name a dimension; GET /api/v1/meta lists them' })
    .refine((name) => findDimension(name) !== undefined, { error: 'is not a dimension; GET /api/v1/meta lists them' }),
  q: z.string().max(200).default(''),
  limit: z.coerce
    .number({ error: limitError })
    .pipe(z.int({ error: limitError }).min(1, { error: limitError }).max(1000, { error: limitError }))
    .default(100),
  cursor: z.string().max(4000).default(''),
});

export interface ValuePage {
  readonly items: readonly string[];
  readonly next_cursor: string | null;
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour));
const weekdays = ['1', '2', '3', '4', '5', '6', '7'];

/** The value a page follows; undefined when the cursor is none of ours. */
function readAfter(cursor: string): string | undefined {
  const after = Buffer.from(cursor, 'base64url').toString('utf8');
  return writeAfter(after) === cursor ? after : undefined;
}

const writeAfter = (value: string): string => Buffer.from(value).toString('base64url');

/** Values of a dimension for a filter box: those that contain `q`, in order, a page at a time. */
export async function dimensionValues(
  deps: { readonly warehouse: Pick<Warehouse, 'query'>; readonly project: ReportProject },
  input: unknown,
): Promise<Outcome<ValuePage>> {
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) return refused(...fieldErrors(parsed.error));
  const { q, limit, cursor } = parsed.data;
  const dimension = dimensionOf(parsed.data.dimension);
  if (dimension.time !== undefined) {
    return { ok: true, value: { items: dimension.time === 'hour' ? hours : weekdays, next_cursor: null } };
  }
  const after = readAfter(cursor);
  if (after === undefined)
    return refused({ path: 'cursor', message: 'take next_cursor of the page before, or leave it out' });
  const compiled = valuesQuery(dimension, { project: deps.project.name, q, after, limit: limit + 1 });
  const rows = await runCompiled(deps.warehouse, compiled, {
    settings: { do_not_merge_across_partitions_select_final: 1 },
    timeoutMs: 30_000,
  });
  const items = rows.slice(0, limit).map((row) => row.value);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { ok: true, value: { items, next_cursor: more ? writeAfter(last) : null } };
}
