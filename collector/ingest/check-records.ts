import type { z } from 'zod';
import type { ContactHasher } from '../../domain/contact.ts';
import type { FieldError } from '../../domain/problem.ts';
import { type RecordEntity, type RecordInput, recordSchemas } from '../../domain/record/index.ts';
import { recordId, toRawRecord, withoutContacts, withoutFreeTextContacts } from '../../domain/record/raw-record.ts';
import { isDeeperThan } from '../collect/depth.ts';
import { jsonText } from '../collect/json-text.ts';
import { CostPlaces } from './cost-places.ts';
import { FieldErrors } from './field-errors.ts';

export interface RecordContext {
  readonly project: string;
  readonly fetchedAtMs: number;
  readonly hasher: ContactHasher;
  /** Payloads keep plain phones, e-mails and names. */
  readonly storeContacts: boolean;
}

/** Lines for the spool, or what is wrong; never both. */
export type CheckedLines =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

const maxDepth = 32;

/** Checks every row of one entity and makes lines of `raw_records` of them. Of rows with the same id the last counts. */
export function checkRecords(entity: RecordEntity, rows: readonly unknown[], context: RecordContext): CheckedLines {
  const errors = new FieldErrors();
  const lines: string[] = [];
  const repeats = new Map<string, number>();
  const places = new CostPlaces(errors);
  for (const [index, row] of rows.entries()) {
    const item = isDeeperThan(row, maxDepth)
      ? errors.addTooDeep(index, maxDepth)
      : checkRecord(entity, row, index, errors);
    if (item) places.judge(item, index);
    if (item && errors.isEmpty) lines.push(toLine(item, row, context, repeats));
  }
  return errors.isEmpty ? { ok: true, lines } : { ok: false, errors: errors.list };
}

function checkRecord(entity: RecordEntity, row: unknown, index: number, errors: FieldErrors): RecordInput | undefined {
  const schema: z.ZodType = recordSchemas[entity];
  const parsed = schema.safeParse(row);
  if (parsed.success) return { entity, input: parsed.data } as RecordInput;
  errors.addZod(index, parsed.error);
  return undefined;
}

function toLine(item: RecordInput, row: unknown, context: RecordContext, repeats: Map<string, number>): string {
  const key = `${item.input.source}:${recordId(item)}`;
  const repeat = repeats.get(key) ?? 0;
  repeats.set(key, repeat + 1);
  // A millisecond later: the newest version is found by time.
  const fetchedAtMs = context.fetchedAtMs + repeat;
  const { storeContacts } = context;
  const kept = storeContacts ? item : withoutFreeTextContacts(item);
  return jsonText(toRawRecord(kept, { ...context, fetchedAtMs, payload: storeContacts ? row : withoutContacts(row) }));
}
