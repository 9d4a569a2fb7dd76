/**
 * What went wrong, as far as a caller acts on it:
 * - `unreachable`: no answer from the server, or the connection broke; worth a retry.
 * - `timeout`: the query took longer than it was allowed to.
 * - `memory`: the query needed more memory than it is allowed.
 * - `busy`: too many queries or too many unmerged parts; worth a retry later.
 * - `disk-full`: the server has no space left.
 * - `denied`: wrong user or password, or the user may not do this.
 * - `missing`: the database, table or column does not exist.
 * - `bad-data`: the rows sent, or a parameter, do not fit the types.
 * - `too-large`: a parameter is longer than the server's HTTP interface takes (128 KiB unless it is set otherwise).
 * - `cancelled`: somebody ended the query.
 * - `rejected`: anything else the server refuses, such as a mistake in the SQL.
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
