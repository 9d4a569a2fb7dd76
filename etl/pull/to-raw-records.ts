import { type RecordInput, recordSchemas } from '../../domain/record/index.ts';
import { type RawRecord, toRawRecord } from '../../domain/record/raw-record.ts';
import { failed, ok, type Problem, type Result } from '../../domain/result.ts';
import { withoutContacts, withoutFreeTextContacts } from '../../domain/without-contacts.ts';
import type { MapContext, Mapped, Stream } from '../source.ts';
import type { StreamPull } from './context.ts';

export interface MappedRows {
  readonly records: readonly RawRecord[];
  readonly problems: readonly RowProblem[];
}

export interface RowProblem {
  readonly problem: Problem;
  /** What the row was to be. */
  readonly entity: string;
  /** The row it is about, as it came. */
  readonly row: unknown;
  /** JSON of that row, contacts removed. */
  readonly payload: string;
}

/** Maps the rows of a page to raw records; whatever does not fit our shape becomes a problem with its row. */
export function toRawRecords(
  pull: StreamPull,
  stream: Stream<unknown>,
  rows: readonly unknown[],
  context: MapContext<unknown>,
): MappedRows {
  const pairs = rows.flatMap((row) => stream.toRecords(row, context).map((mapped) => ({ mapped, payload: row })));
  return takeMapped(pull, pairs);
}

/** Makes raw records of what is mapped already, each with the row it was read from. */
export function takeMapped(
  pull: StreamPull,
  pairs: readonly { readonly mapped: Mapped; readonly payload: unknown }[],
): MappedRows {
  const records: RawRecord[] = [];
  const problems: RowProblem[] = [];
  for (const { mapped, payload } of pairs) {
    const kept = pull.deps.storeContacts ? payload : withoutContacts(payload);
    const checked = checkRecord(mapped, pull.stream);
    if (checked.ok) records.push(rawRecord(pull, checked.value, kept));
    else {
      const entity = (mapped.ok ? mapped.item.entity : mapped.entity) ?? pull.entity;
      problems.push({
        problem: checked.problem,
        entity,
        row: payload,
        payload: pull.redact(JSON.stringify(kept)).toWellFormed(),
      });
    }
  }
  return { records, problems };
}

type Accepted = Extract<Mapped, { ok: true }>;

function checkRecord(mapped: Mapped, stream: string): Result<Accepted> {
  if (!mapped.ok) return mapped;
  const { entity, input } = mapped.item;
  const parsed = recordSchemas[entity].safeParse(input);
  // Schema and output belong to the same entity, which the union of all entities cannot express.
  if (parsed.success) return ok({ ...mapped, item: { entity, input: parsed.data } as RecordInput });
  const issue = parsed.error.issues[0];
  const place = [stream, 'id' in input ? input.id : undefined, ...(issue?.path ?? [])].filter(
    (part) => part !== undefined,
  );
  return failed(
    'invalid_record',
    place.map(String).join('.'),
    issue?.message ?? 'does not fit the shape of the record',
  );
}

function rawRecord(pull: StreamPull, mapped: Accepted, payload: unknown): RawRecord {
  const raw = toRawRecord(pull.deps.storeContacts ? mapped.item : withoutFreeTextContacts(mapped.item), {
    project: pull.deps.project,
    fetchedAtMs: pull.deps.clock.now(),
    hasher: pull.deps.hasher,
    payload,
    ...(mapped.version === undefined ? {} : { version: mapped.version }),
    ...(mapped.versionAt === undefined ? {} : { versionAt: mapped.versionAt }),
  });
  return { ...raw, payload: pull.redact(raw.payload) };
}
