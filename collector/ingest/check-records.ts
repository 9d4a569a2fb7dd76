import type { z } from 'zod';
import type { ContactHasher } from '../../domain/contact.ts';
import type { FieldError } from '../../domain/problem.ts';
import { type RecordEntity, type RecordInput, recordSchemas } from '../../domain/record/index.ts';
import { changedAtMs, recordKey, toRawRecord, versionAtMs } from '../../domain/record/raw-record.ts';
import { withoutContacts, withoutFreeTextContacts } from '../../domain/without-contacts.ts';
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

interface Taken {
  readonly item: RecordInput;
  readonly row: unknown;
}

/** Checks every row of one entity and makes lines of `raw_records` of them. Of rows with the same id the last counts. */
export function checkRecords(entity: RecordEntity, rows: readonly unknown[], context: RecordContext): CheckedLines {
  const errors = new FieldErrors();
  const places = new CostPlaces(errors);
  const taken: Taken[] = [];
  for (const [index, row] of rows.entries()) {
    const item = isDeeperThan(row, maxDepth)
      ? errors.addTooDeep(index, maxDepth)
      : checkRecord(entity, row, index, errors);
    if (item === undefined) continue;
    places.judge(item, index);
    taken.push({ item, row });
  }
  return errors.isEmpty ? { ok: true, lines: toLines(taken, context) } : { ok: false, errors: errors.list };
}

function checkRecord(entity: RecordEntity, row: unknown, index: number, errors: FieldErrors): RecordInput | undefined {
  const schema: z.ZodType = recordSchemas[entity];
  const parsed = schema.safeParse(row);
  if (parsed.success) return { entity, input: parsed.data } as RecordInput;
  errors.addZod(index, parsed.error);
  return undefined;
}

/**
 * The newest version of a record is found by time: of versions alike the last is as new as the request, each before it a millisecond older.
 * None is dated after the request, or the next request would have to be too, even of a process that has forgotten this one.
 */
function toLines(taken: readonly Taken[], context: RecordContext): string[] {
  const alike = new Map<string, Taken[]>();
  for (const one of taken) {
    const key = versionKey(one.item, context);
    const others = alike.get(key);
    if (others === undefined) alike.set(key, [one]);
    else others.push(one);
  }
  return [...alike.values()].flatMap((versions) =>
    oldestFirst(versions).map(({ item, row }, index) =>
      toLine(item, row, { ...context, fetchedAtMs: context.fetchedAtMs - (versions.length - 1 - index) }),
    ),
  );
}

/** Versions that all name a time too far ahead are still in the order of those times; else that of the rows is all that is known. */
function oldestFirst(versions: readonly Taken[]): readonly Taken[] {
  const dated = versions.flatMap((version) => {
    const changedMs = changedAtMs(version.item);
    return changedMs === undefined ? [] : [{ version, changedMs }];
  });
  if (dated.length < versions.length) return versions;
  return dated.sort((left, right) => left.changedMs - right.changedMs).map(({ version }) => version);
}

/** Versions of a record that only the time of their coming tells apart. */
const versionKey = (item: RecordInput, context: RecordContext): string =>
  `${recordKey(item)} ${versionAtMs(item, context)}`;

function toLine(item: RecordInput, row: unknown, context: RecordContext): string {
  const { storeContacts } = context;
  const kept = storeContacts ? item : withoutFreeTextContacts(item);
  return jsonText(toRawRecord(kept, { ...context, payload: storeContacts ? row : withoutContacts(row) }));
}
