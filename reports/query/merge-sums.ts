import type { SumRow } from './part.ts';

/** What all the queries of a report say together. */
export interface Sums {
  readonly rows: readonly SumRow[];
  readonly total: SumRow;
}

/** Names of the columns that a row is known by. */
const isKey = (name: string): boolean => name === 'level' || name === 'bucket' || name.startsWith('dim_');

/** Totals of an answer whose numbers add up over its rows. */
function addUp(rows: readonly SumRow[]): SumRow {
  const names = Object.keys(rows[0] ?? {}).filter((name) => !isKey(name));
  return Object.fromEntries(
    names.map((name) => [name, rows.reduce((sum, row) => sum + BigInt(row[name] ?? 0), 0n).toString()]),
  );
}

/** A query that says its totals itself marks them; what another one says adds up. */
function separate(answer: readonly SumRow[]): Sums {
  if (answer[0]?.level === undefined) return { rows: answer, total: addUp(answer) };
  return {
    rows: answer.filter(({ level }) => level === 'row'),
    total: answer.find(({ level }) => level === 'total') ?? {},
  };
}

function keyOf(row: SumRow, names: readonly string[]): string {
  return names.length === 1 ? (row[names[0] ?? ''] ?? '') : JSON.stringify(names.map((name) => row[name]));
}

/** Rows of the same keys made one: every metric stands in one of them alone. */
function mergeRows(answers: readonly (readonly SumRow[])[]): readonly SumRow[] {
  const filled = answers.filter((rows) => rows.length > 0);
  const names = Object.keys(filled[0]?.[0] ?? {}).filter((name) => name !== 'level' && isKey(name));
  const merged = new Map<string, Record<string, string | null>>();
  for (const row of filled.flat()) {
    const key = keyOf(row, names);
    const known = merged.get(key) ?? {};
    for (const [name, value] of Object.entries(row)) if (value !== null) known[name] = value;
    merged.set(key, known);
  }
  return [...merged.values()];
}

/** Answers of a report's queries → its rows and its totals. */
export function mergeSums(answers: readonly (readonly SumRow[])[]): Sums {
  const parts = answers.map(separate);
  return {
    rows: mergeRows(parts.map(({ rows }) => rows)),
    total: Object.assign({}, ...parts.map(({ total }) => total)),
  };
}
