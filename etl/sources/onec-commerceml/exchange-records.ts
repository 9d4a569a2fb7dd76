import type { ContactHasher } from '../../../domain/contact.ts';
import { type RecordInput, recordSchemas } from '../../../domain/record/index.ts';
import { type RawRecord, toRawRecord } from '../../../domain/record/raw-record.ts';
import type { Problem } from '../../../domain/result.ts';
import type { ExchangeRow } from './unit-records.ts';

export interface ExchangeRecordsContext {
  readonly project: string;
  readonly hasher: ContactHasher;
  /** When the file reached us. */
  readonly fetchedAtMs: number;
}

export interface ExchangeRecords {
  readonly records: readonly RawRecord[];
  readonly rejected: readonly { readonly problem: Problem; readonly payload: unknown }[];
}

/**
 * Raw records of a batch of rows. Of one record told twice in a batch the later stays: both would bear the same instant.
 * Versions are ordered by the instant of their file, so they must be stored as they are, an older file after a newer too.
 */
export function exchangeRecords(rows: readonly ExchangeRow[], context: ExchangeRecordsContext): ExchangeRecords {
  const records = new Map<string, RawRecord>();
  const rejected: { problem: Problem; payload: unknown }[] = [];
  for (const { mapped, payload } of rows) {
    const checked = mapped.ok ? checkShape(mapped.item) : mapped.problem;
    if ('reason' in checked) rejected.push({ problem: checked, payload });
    else {
      const versionAt = mapped.ok ? mapped.versionAt : undefined;
      const record = toRawRecord(checked, { ...context, payload, ...(versionAt === undefined ? {} : { versionAt }) });
      records.set(`${record.entity} ${record.record_id}`, record);
    }
  }
  return { records: [...records.values()], rejected };
}

function checkShape(item: RecordInput): RecordInput | Problem {
  const parsed = recordSchemas[item.entity].safeParse(item.input);
  // Schema and output belong to the same entity, which the union of all entities cannot express.
  if (parsed.success) return { entity: item.entity, input: parsed.data } as RecordInput;
  const [issue] = parsed.error.issues;
  return {
    reason: 'invalid_record',
    place: [item.entity, 'id' in item.input ? item.input.id : '', ...(issue?.path ?? [])].map(String).join('.'),
    detail: issue?.message ?? 'does not fit the shape of the record',
  };
}
