import { z } from 'zod';
import type { Condition, Filter, Op } from '../contract.ts';
import { findDimension } from '../registry/dimensions.ts';
import { findMetric } from '../registry/metrics.ts';
import { maxConditions } from './limits.ts';

export const ops = [
  'eq',
  'ne',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'matches',
  'gt',
  'gte',
  'lt',
  'lte',
  'is_null',
] as const satisfies readonly Op[];

const textOps: readonly Op[] = ['contains', 'starts_with', 'matches'];
const listOps: readonly Op[] = ['in', 'not_in'];

const maxListLength = 10_000;
/** A list travels as one parameter of a query, of at most 128 KiB. */
const maxListBytes = 60_000;
const maxDepth = 10;
const maxTextLength = 1000;

const scalar = z.union([z.string().max(maxTextLength), z.number()], {
  error: `expected a text of up to ${maxTextLength} characters or a number`,
});
const list = z
  .array(scalar, { error: 'expected a list of values' })
  .min(1, { error: 'name at least one value' })
  .max(maxListLength, { error: `at most ${maxListLength} values` })
  .refine((values) => Buffer.byteLength(values.join('')) <= maxListBytes, {
    error: `the values are too long together: at most ${maxListBytes} bytes`,
  });

type Issues = z.core.$RefinementCtx;

function fail(context: Issues, path: readonly (string | number)[], message: string): void {
  context.addIssue({ code: 'custom', path: [...path], message });
}

function checkField(condition: Record<string, unknown>, context: Issues, path: readonly (string | number)[]): boolean {
  const field = condition.field;
  const known = typeof field === 'string' && (findDimension(field) !== undefined || findMetric(field) !== undefined);
  if (!known) fail(context, [...path, 'field'], 'is not a dimension or metric; GET /api/v1/meta lists them');
  return known;
}

function readOp(
  condition: Record<string, unknown>,
  context: Issues,
  path: readonly (string | number)[],
): Op | undefined {
  const op = ops.find((known) => known === condition.op);
  if (op === undefined) fail(context, [...path, 'op'], `expected one of ${ops.join(', ')}`);
  return op;
}

/** The value schema that an operation wants of a field. */
function valueSchema(op: Op, isMetric: boolean): z.ZodType<Condition['value']> {
  if (op === 'is_null') return z.boolean({ error: 'expected true or false' }).default(true);
  if (isMetric) {
    const number = z.number({ error: 'expected a number' });
    return listOps.includes(op)
      ? z.array(number, { error: 'expected a list of numbers' }).min(1).max(maxListLength)
      : number;
  }
  if (listOps.includes(op)) return list;
  return scalar.refine((value) => value !== '', { error: 'expected a value; use is_null for "no value"' });
}

function readCondition(
  raw: Record<string, unknown>,
  context: Issues,
  path: readonly (string | number)[],
): Condition | undefined {
  const unknown = Object.keys(raw).filter((key) => !['field', 'op', 'value'].includes(key));
  for (const key of unknown)
    fail(context, [...path, key], 'unknown; known here: field, op, value, or one of or, and alone');
  const knownField = checkField(raw, context, path);
  const op = readOp(raw, context, path);
  if (!knownField || op === undefined || unknown.length > 0) return undefined;
  const field = String(raw.field);
  const isMetric = findMetric(field) !== undefined;
  if (isMetric && textOps.includes(op)) {
    fail(
      context,
      [...path, 'op'],
      `a metric cannot be compared by ${op}; use eq, ne, in, not_in, gt, gte, lt, lte or is_null`,
    );
    return undefined;
  }
  const value = valueSchema(op, isMetric).safeParse(raw.value);
  if (value.success) return { field, op, value: value.data };
  for (const issue of value.error.issues) fail(context, [...path, 'value', ...issue.path.map(pathKey)], issue.message);
  return undefined;
}

const pathKey = (key: PropertyKey): string | number => (typeof key === 'number' ? key : String(key));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readGroup(
  key: 'or' | 'and',
  raw: Record<string, unknown>,
  context: Issues,
  path: readonly (string | number)[],
): Filter | undefined {
  const members = raw[key];
  if (
    Object.keys(raw).length > 1 ||
    !Array.isArray(members) ||
    members.length === 0 ||
    members.length > maxConditions
  ) {
    fail(
      context,
      [...path, key],
      `expected {"${key}": [conditions]} with 1 to ${maxConditions} conditions and nothing else`,
    );
    return undefined;
  }
  if (path.length >= maxDepth * 2) {
    fail(context, [...path, key], `at most ${maxDepth} levels of or and and`);
    return undefined;
  }
  const read = members.map((member, index) => readFilter(member, context, [...path, key, index]));
  const filters = read.filter((filter) => filter !== undefined);
  if (filters.length < read.length) return undefined;
  return key === 'or' ? { or: filters } : { and: filters };
}

function readFilter(raw: unknown, context: Issues, path: readonly (string | number)[]): Filter | undefined {
  if (!isObject(raw)) {
    fail(context, path, 'expected {"field", "op", "value"} or {"or": […]} or {"and": […]}');
    return undefined;
  }
  if (Object.hasOwn(raw, 'or')) return readGroup('or', raw, context, path);
  if (Object.hasOwn(raw, 'and')) return readGroup('and', raw, context, path);
  return readCondition(raw, context, path);
}

/** One filter. Written by hand rather than as a union, so that an error names the very field and not every alternative. */
export const filterSchema = z.unknown().transform((raw, context): Filter => readFilter(raw, context, []) ?? z.NEVER);
