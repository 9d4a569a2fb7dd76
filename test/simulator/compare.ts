import type { LedgerAnswer, LedgerQuestion, LedgerRow } from './ledger.ts';

export type ReportRow = Readonly<Record<string, unknown>>;

export interface ReportAnswer {
  readonly rows: readonly ReportRow[];
  readonly totals: ReportRow;
}

export interface Difference {
  /** Values of the dimensions, or `totals`. */
  readonly place: string;
  readonly metric: string;
  readonly ledger: unknown;
  readonly report: unknown;
}

export interface Comparison {
  /** Numbers compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** Holds a report against the ledger's answer to the same question: every number of every row and of the totals. */
export function compareAnswers(question: LedgerQuestion, ledger: LedgerAnswer, report: ReportAnswer): Comparison {
  const differences: Difference[] = [];
  let compared = 0;
  const compare = (place: string, truth: ReportRow | undefined, said: ReportRow | undefined): void => {
    for (const metric of question.metrics) {
      compared += 1;
      const [expected, actual] = [truth?.[metric] ?? emptyOf(truth, metric), said?.[metric] ?? null];
      if (!isSame(expected, actual)) differences.push({ place, metric, ledger: expected, report: actual });
    }
  };
  const keyOf = rowKey(question);
  const reported = new Map(report.rows.filter((row) => saysSomething(row, question)).map((row) => [keyOf(row), row]));
  const truths = new Map<string, LedgerRow>(ledger.rows.map((row) => [keyOf(row), row]));
  for (const key of new Set([...truths.keys(), ...reported.keys()])) compare(key, truths.get(key), reported.get(key));
  compare('totals', ledger.totals, report.totals);
  return { compared, differences };
}

const emptyOf = (row: ReportRow | undefined, metric: string): unknown =>
  row === undefined ? 'no such row' : (row[metric] ?? null);

function rowKey(question: LedgerQuestion): (row: ReportRow) => string {
  const names = [...(question.granularity ? ['date'] : []), ...(question.dimensions ?? [])];
  return (row) => names.map((name) => `${name}=${String(row[name] ?? null)}`).join(' ');
}

function saysSomething(row: ReportRow, question: LedgerQuestion): boolean {
  if (question.granularity && (question.dimensions ?? []).length === 0) return true;
  return question.metrics.some((name) => row[name] !== 0 && row[name] !== null && row[name] !== undefined);
}

/** Counts and money must be equal; a ratio may differ by what two orders of the same division may differ. */
function isSame(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'number' || typeof actual !== 'number') return (expected ?? null) === (actual ?? null);
  return Math.abs(expected - actual) <= 1e-9 + Math.abs(expected) * 1e-12;
}
