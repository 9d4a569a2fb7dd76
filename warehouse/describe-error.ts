import { ClickHouseError } from '@clickhouse/client';
import { badParameterCode, isWarehouseError, WarehouseError, type WarehouseErrorKind } from './warehouse-error.ts';

/** ClickHouse error numbers that say more than "rejected" (https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp). */
const KIND_OF_CODE: Readonly<Record<number, WarehouseErrorKind>> = {
  6: 'bad-data', // CANNOT_PARSE_TEXT
  16: 'missing', // NO_SUCH_COLUMN_IN_TABLE
  25: 'bad-data', // CANNOT_PARSE_ESCAPE_SEQUENCE
  26: 'bad-data', // CANNOT_PARSE_QUOTED_STRING
  27: 'bad-data', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  38: 'bad-data', // CANNOT_PARSE_DATE
  41: 'bad-data', // CANNOT_PARSE_DATETIME
  47: 'missing', // UNKNOWN_IDENTIFIER
  60: 'missing', // UNKNOWN_TABLE
  69: 'bad-data', // ARGUMENT_OUT_OF_BOUND
  70: 'bad-data', // CANNOT_CONVERT_TYPE
  72: 'bad-data', // CANNOT_PARSE_NUMBER
  81: 'missing', // UNKNOWN_DATABASE
  117: 'bad-data', // INCORRECT_DATA
  128: 'bad-data', // TOO_LARGE_ARRAY_SIZE
  130: 'bad-data', // CANNOT_READ_ARRAY_FROM_TEXT
  131: 'bad-data', // TOO_LARGE_STRING_SIZE
  153: 'bad-data', // ILLEGAL_DIVISION
  159: 'timeout', // TIMEOUT_EXCEEDED
  160: 'timeout', // TOO_SLOW
  190: 'bad-data', // SIZES_OF_ARRAYS_DONT_MATCH
  192: 'denied', // UNKNOWN_USER
  193: 'denied', // WRONG_PASSWORD
  194: 'denied', // REQUIRED_PASSWORD
  202: 'busy', // TOO_MANY_SIMULTANEOUS_QUERIES
  209: 'timeout', // SOCKET_TIMEOUT
  210: 'unreachable', // NETWORK_ERROR
  241: 'memory', // MEMORY_LIMIT_EXCEEDED
  243: 'disk-full', // NOT_ENOUGH_SPACE
  252: 'busy', // TOO_MANY_PARTS
  321: 'bad-data', // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349: 'bad-data', // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  376: 'bad-data', // CANNOT_PARSE_UUID
  394: 'cancelled', // QUERY_WAS_CANCELLED
  395: 'bad-data', // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
  407: 'bad-data', // DECIMAL_OVERFLOW
  439: 'busy', // CANNOT_SCHEDULE_TASK
  441: 'bad-data', // CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING
  [badParameterCode]: 'bad-data',
  467: 'bad-data', // CANNOT_PARSE_BOOL
  469: 'bad-data', // VIOLATED_CONSTRAINT
  497: 'denied', // ACCESS_DENIED
  516: 'denied', // AUTHENTICATION_FAILED
  563: 'bad-data', // CANNOT_READ_MAP_FROM_TEXT
  632: 'bad-data', // UNEXPECTED_DATA_AFTER_PARSED_VALUE
  675: 'bad-data', // CANNOT_PARSE_IPV4
  676: 'bad-data', // CANNOT_PARSE_IPV6
  691: 'bad-data', // UNKNOWN_ELEMENT_OF_ENUM
};

/** ATTEMPT_TO_READ_AFTER_EOF, CANNOT_READ_ALL_DATA: of a row when they name it, else of a file of the server. */
const BROKEN_OFF_CODES: ReadonlySet<number> = new Set([32, 33]);

const WORDS: Readonly<Record<WarehouseErrorKind, string>> = {
  unreachable: 'The ClickHouse server cannot be reached',
  timeout: 'ClickHouse took longer than the query may take',
  memory: 'The query needs more memory than ClickHouse may use',
  busy: 'ClickHouse has too much to do at the moment',
  'disk-full': 'ClickHouse has no disk space left',
  denied: 'ClickHouse refuses this user',
  missing: 'A database, table or column does not exist',
  'bad-data': 'A row or a parameter holds a value that ClickHouse cannot take',
  'too-large': 'A parameter is too long: put the values into a table and read them from there',
  cancelled: 'The query was cancelled',
  rejected: 'ClickHouse rejected the query',
};

/** Codes whose text speaks of the query's structure; what it quotes of the query is cut off before it is shown. */
const STRUCTURAL_CODES: ReadonlySet<number> = new Set([
  16, 36, 42, 43, 46, 47, 53, 57, 60, 62, 81, 82, 115, 179, 215, 386,
]);

const MAX_DETAIL_CHARS = 300;

const atRow = /\(at row \d+\)/;

/** Texts of parameter values worth hiding: shorter ones would only riddle the message. */
function secretsOf(params: unknown): string[] {
  if (typeof params === 'string') {
    return params.length > 1 ? [params] : [];
  }
  if (typeof params === 'number' || typeof params === 'bigint') {
    return [String(params)].filter((text) => text.length > 1);
  }
  return typeof params === 'object' && params !== null ? Object.values(params).flatMap(secretsOf) : [];
}

function withoutSecrets(text: string, params: unknown): string {
  const secrets = secretsOf(params).sort((a, b) => b.length - a.length);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
}

/** The part of the server's text that can be shown: never a row, never the query with its values filled in. */
function detailOf(error: ClickHouseError, code: number, params: unknown): string {
  if (STRUCTURAL_CODES.has(code)) {
    const head = error.message.split(/\bIn scope\b|: While |\(in query|\. Stack trace|: In scope/)[0] ?? '';
    return withoutSecrets(head.trim(), params).slice(0, MAX_DETAIL_CHARS);
  }
  const place = [
    /Unknown field found while parsing \w+ format: [^:\s]+/,
    /while reading the value of key \w+/,
    atRow,
    /query parameter '?\w+'?/i,
    /max_\w+/,
  ]
    .map((pattern) => pattern.exec(error.message)?.[0])
    .filter((found) => found !== undefined);
  return place.join(' ');
}

function kindOf(error: ClickHouseError, code: number): WarehouseErrorKind {
  if (BROKEN_OFF_CODES.has(code) && atRow.test(error.message)) return 'bad-data';
  return KIND_OF_CODE[code] ?? 'rejected';
}

function describeServerError(error: ClickHouseError, params: unknown): WarehouseError {
  const code = Number(error.code);
  const kind = kindOf(error, code);
  const detail = detailOf(error, code, params);
  const type = error.type === undefined ? '' : ` ${error.type}`;
  return new WarehouseError(`${WORDS[kind]} (ClickHouse ${code}${type})${detail === '' ? '.' : `: ${detail}`}`, {
    kind,
    code,
  });
}

function networkCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export interface ErrorContext {
  /** Address without user and password. */
  address: string;
  params: unknown;
  /** The server is our own: nobody gave its address. */
  isEmbedded: boolean;
  /** Set when our own clock ended the query. */
  timedOutAfterMs?: number | undefined;
}

function unreachable(cause: string, { address, isEmbedded }: ErrorContext): string {
  return isEmbedded
    ? `The embedded ClickHouse server does not answer${cause}. Its log is clickhouse/server.log in the data folder.`
    : `${WORDS.unreachable} at ${address}${cause}. Is it running, and is CLICKHOUSE_URL right?`;
}

/** Turns whatever the client library throws into a WarehouseError. */
export function describeError(error: unknown, context: ErrorContext): WarehouseError {
  if (isWarehouseError(error)) {
    return error;
  }
  if (context.timedOutAfterMs !== undefined) {
    return new WarehouseError(`${WORDS.timeout} (${context.timedOutAfterMs} ms).`, { kind: 'timeout' });
  }
  if (error instanceof ClickHouseError) {
    return describeServerError(error, context.params);
  }
  if (error instanceof Error && /HTML Form Exception|URI invalid or too long/.test(error.message)) {
    return new WarehouseError(`${WORDS['too-large']}.`, { kind: 'too-large' });
  }
  if (error instanceof Error && /^Timeout error/.test(error.message)) {
    return new WarehouseError(`${WORDS.timeout}.`, { kind: 'timeout' });
  }
  const code = networkCodeOf(error);
  return new WarehouseError(unreachable(code === '' ? '' : ` (${code})`, context), {
    kind: 'unreachable',
    isUnsent: code === 'ECONNREFUSED',
  });
}
