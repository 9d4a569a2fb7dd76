import type { SumRow } from './compile.ts';

function keyOf(row: SumRow, names: readonly string[]): string {
  if (names.length === 0) return `${row.level} ${row.bucket}`;
  return JSON.stringify([row.level, row.bucket, ...names.map((name) => row[name])]);
}

/** Rows of the same keys, one of each query, made one: every metric stands in one query alone. */
export function mergeSums(answers: readonly (readonly SumRow[])[]): readonly SumRow[] {
  const filled = answers.filter((rows) => rows.length > 0);
  const [only] = filled;
  if (only === undefined || filled.length === 1) return only ?? [];
  const names = Object.keys(only[0] ?? {}).filter((name) => name.startsWith('dim_'));
  const merged = new Map<string, SumRow>();
  for (const row of filled.flat()) {
    const key = keyOf(row, names);
    merged.set(key, Object.assign(merged.get(key) ?? {}, row));
  }
  return [...merged.values()];
}
