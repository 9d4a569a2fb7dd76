import { type RawBuilder, sql } from 'kysely';
import type { ParamValue } from '../warehouse.ts';

/** Letters, digits and the marks that type names use, such as `DateTime64(3, 'UTC')`; no brace can end the placeholder. */
const TYPE_NAME = /^[A-Za-z][A-Za-z0-9_]*(?:\([A-Za-z0-9_ ,'()/+-]*\))?$/;

/** A value with the ClickHouse type it travels as. */
export class TypedValue {
  readonly value: ParamValue;
  readonly type: string;

  constructor(value: ParamValue, type: string) {
    if (!TYPE_NAME.test(type)) {
      throw new TypeError(`"${type}" is not the name of a ClickHouse type.`);
    }
    this.value = value;
    this.type = type;
  }
}

/** A parameter of a stated type: `typed('12.50', 'Decimal(18, 6)')`, in `sql` templates and wherever Kysely takes a value. */
export function typed<T extends ParamValue>(value: T, type: string): RawBuilder<T> {
  return sql<T>`${new TypedValue(value, type)}`;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const INT128_MIN = -(2n ** 127n);
const INT128_MAX = 2n ** 127n - 1n;

function bigintType(value: bigint): string {
  if (value >= INT64_MIN && value <= INT64_MAX) {
    return 'Int64';
  }
  if (value >= INT128_MIN && value <= INT128_MAX) {
    return 'Int128';
  }
  throw new RangeError('A whole number of more than 128 bits cannot be a parameter.');
}

function scalarType(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'number':
      return Number.isSafeInteger(value) ? 'Int64' : 'Float64';
    case 'bigint':
      return bigintType(value);
    case 'boolean':
      return 'Bool';
    default:
      throw new TypeError(
        `A value of type ${typeof value} cannot be a parameter: give its type with typed(value, type).`,
      );
  }
}

const WIDER: readonly string[] = ['Int64', 'Int128', 'Float64'];

/** The type that holds the elements of both types; mixing, say, texts and numbers has none. */
function commonType(left: string, right: string): string {
  if (left === right) {
    return left;
  }
  const wider = WIDER[Math.max(WIDER.indexOf(left), WIDER.indexOf(right))];
  if (!WIDER.includes(left) || !WIDER.includes(right) || wider === undefined) {
    throw new TypeError(`A list cannot hold ${left} and ${right} at once.`);
  }
  return wider;
}

function elementType(values: readonly unknown[]): string {
  const present = values.filter((value) => value !== null).map(elementOf);
  const type = present.reduce<string | undefined>((seen, next) => (seen ? commonType(seen, next) : next), undefined);
  if (type === undefined) {
    return 'Nullable(String)';
  }
  return present.length === values.length ? type : `Nullable(${type})`;
}

function elementOf(value: unknown): string {
  return Array.isArray(value) ? `Array(${elementType(value)})` : scalarType(value);
}

/** `YYYY-MM-DD hh:mm:ss.SSS` in UTC. Throws RangeError for an invalid date. */
function instantText(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '');
}

function isParamValue(value: unknown): value is ParamValue {
  if (Array.isArray(value)) {
    return value.every(isParamValue);
  }
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/**
 * The type that a plain JavaScript value travels as: string → String, whole number → Int64, bigint → Int64 or Int128,
 * other number → Float64, boolean → Bool, Date → DateTime64(3, 'UTC'), array → Array(…) of the common type.
 * Throws TypeError for anything else.
 */
export function inferTyped(value: unknown): TypedValue {
  if (value instanceof TypedValue) {
    return value;
  }
  if (value instanceof Date) {
    return new TypedValue(instantText(value), "DateTime64(3, 'UTC')");
  }
  const type = elementOf(value);
  if (!isParamValue(value)) {
    throw new TypeError('This value cannot be a parameter: give its type with typed(value, type).');
  }
  return new TypedValue(value, type);
}
