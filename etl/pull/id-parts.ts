/**
 * ClickHouse takes 128 KiB in one parameter (https://clickhouse.com/docs/operations/settings/settings#http_max_field_value_size).
 * A query cannot raise that for itself: its parameters are read before its settings, and the server may be the user's own.
 */
const maxParameterBytes = 120_000;
const quotesAndComma = 3;

/** Ids in parts of which each fits one `Array(String)` parameter, in their order. No part is empty. */
export function* idParts(ids: readonly string[]): Generator<readonly string[]> {
  let part: string[] = [];
  let partBytes = 0;
  for (const id of ids) {
    const bytes = writtenBytes(id);
    if (part.length > 0 && partBytes + bytes > maxParameterBytes) {
      yield part;
      part = [];
      partBytes = 0;
    }
    part.push(id);
    partBytes += bytes;
  }
  if (part.length > 0) yield part;
}

/** Signs that the parameter escapes take two bytes there. */
const writtenBytes = (id: string): number => Buffer.byteLength(id.replace(/[\\'\t\n\r]/g, '--')) + quotesAndComma;
