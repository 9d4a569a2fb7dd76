/**
 * What went wrong, as far as a caller acts on it:
 * - `unreachable`: no answer from the server, or the connection broke; worth a retry.
 * - `timeout`: the query took longer than it was allowed to.
 * - `memory`: the query needed more memory than it is allowed.
 * - `busy`: too many queries or too many unmerged parts; worth a retry later.
 * - `disk-full`: the server has no space left.
 * - `denied`: wrong user or password, or the user may not do this.
 * - `missing`: the database, table or column does not exist.
 * - `bad-data`: a value of the rows, or a parameter, cannot be read, converted or computed.
 * - `too-large`: a parameter is longer than the server's HTTP interface takes (128 KiB unless it is set otherwise).
 * - `cancelled`: somebody ended the query.
 * - `rejected`: anything else the server refuses: a mistake in the SQL as well as a trouble of its own that may pass.
 */
export type WarehouseErrorKind =
  | 'unreachable'
  | 'timeout'
  | 'memory'
  | 'busy'
  | 'disk-full'
  | 'denied'
  | 'missing'
  | 'bad-data'
  | 'too-large'
  | 'cancelled'
  | 'rejected';

export interface WarehouseErrorDetails {
  kind: WarehouseErrorKind;
  /** ClickHouse's error number; undefined when the server did not answer. */
  code?: number | undefined;
  /** Nobody listened at the address: the query was surely not begun. */
  isUnsent?: boolean;
}

/** The one error of the warehouse. Its message is fit for a log: it never holds a parameter's value or a row. */
export class WarehouseError extends Error {
  override readonly name = 'WarehouseError';
  readonly kind: WarehouseErrorKind;
  readonly code: number | undefined;
  readonly isUnsent: boolean;

  constructor(message: string, details: WarehouseErrorDetails) {
    super(message);
    this.kind = details.kind;
    this.code = details.code;
    this.isUnsent = details.isUnsent ?? false;
  }
}

export function isWarehouseError(error: unknown): error is WarehouseError {
  return error instanceof WarehouseError;
}

/** BAD_QUERY_PARAMETER: of `bad-data` the one that speaks of what we asked, not of the rows. */
export const badParameterCode = 457;

/**
 * Whether some row is to blame: only then may a row be put aside. Anything else, known or not, is trouble of the server or a mistake of
 * ours, and the data waits until it is over.
 */
export function isFaultOfData(error: unknown): boolean {
  return isWarehouseError(error) && error.kind === 'bad-data' && error.code !== badParameterCode;
}
