/** Thrown while a query is built, with the way that ClickHouse does have. */
export class UnsupportedQueryError extends Error {
  override readonly name = 'UnsupportedQueryError';

  constructor(what: string, instead: string) {
    super(`${what} is not for this database: ${instead}.`);
  }
}
