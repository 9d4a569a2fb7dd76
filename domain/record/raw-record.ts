import { createHash } from 'node:crypto';
import type { ContactHasher } from '../contact.ts';
import { toInstant } from '../time.ts';
import type { RecordInput } from './index.ts';

/** A row of `raw_records` but for its batch: what came, and the same in our shape with its contacts hashed. */
export interface RawRecord {
  readonly project: string;
  readonly source: string;
  readonly entity: string;
  readonly record_id: string;
  readonly record_version: string;
  readonly version_at: string;
  readonly fetched_at: string;
  readonly deleted: boolean;
  readonly payload: string;
  readonly record: string;
}

export interface RawRecordContext {
  readonly project: string;
  readonly fetchedAtMs: number;
  readonly hasher: ContactHasher;
  /** The source's own mark of this version; when absent, a hash of our shape. */
  readonly version?: string;
  /** The source's own instant of this version; when absent, `updated_at` of the record, else the time of fetching, than which none is much later. */
  readonly versionAt?: string;
  /** What came, contacts already removed. */
  readonly payload: unknown;
}

/** Makes the raw row of one record. Pure. */
export function toRawRecord(item: RecordInput, context: RawRecordContext): RawRecord {
  const { source } = item.input;
  // What was merged into another is kept: whatever names it is led on to the other.
  const isMerged = 'merged_into' in item.input && item.input.merged_into !== undefined;
  const deleted = item.input.deleted === true && !isMerged;
  const record = deleted ? '' : wellFormedJson(hashContacts(item, context.hasher));
  return {
    project: context.project,
    source,
    entity: item.entity,
    record_id: recordId(item),
    record_version: context.version ?? shortHash(record),
    version_at: toInstant(versionAtMs(item, context)),
    fetched_at: toInstant(context.fetchedAtMs),
    deleted,
    payload: wellFormedJson(context.payload),
    record,
  };
}

/** A clock that is ahead by no more is taken at its word: what it dates keeps its order. */
const clockAheadMs = 10 * 60_000;

/** Milliseconds since the epoch. An instant further in the future would outdate every version until then. */
export function versionAtMs(
  item: RecordInput,
  { versionAt, fetchedAtMs }: Pick<RawRecordContext, 'versionAt' | 'fetchedAtMs'>,
): number {
  const toldMs = versionAt === undefined ? changedAtMs(item) : Date.parse(versionAt);
  return toldMs === undefined || toldMs > fetchedAtMs + clockAheadMs ? fetchedAtMs : toldMs;
}

/** When a record says that it was changed, in milliseconds since the epoch. */
export function changedAtMs({ input }: RecordInput): number | undefined {
  const told = 'updated_at' in input ? input.updated_at : undefined;
  return told === undefined ? undefined : Date.parse(told);
}

/** Id of a record in its source. A cost without an id is known by everything that places it, so that importing its day again updates it. */
export function recordId(item: RecordInput): string {
  if (item.entity !== 'cost') return item.input.id;
  const row = item.input;
  if (row.id !== undefined) return row.id;
  // A platform renames a campaign under its id, and a renamed one is no other.
  const isKnownById = [row.campaign_id, row.adgroup_id, row.ad_id].some((id) => id !== undefined);
  const place = [
    row.account,
    row.date,
    row.to_date ?? row.date,
    row.platform,
    row.campaign_id,
    isKnownById ? undefined : row.campaign,
    row.adgroup_id,
    row.ad_id,
    row.keyword,
    row.utm_source,
    row.utm_medium,
    row.utm_campaign,
    row.utm_content,
    row.utm_term,
    row.kind ?? 'media',
  ];
  return shortHash(JSON.stringify(place.map((part) => part ?? null)));
}

/** A record among those of all sources: the `record_key` of the stages. */
export const recordKey = (item: RecordInput): string => `${item.input.source}:${recordId(item)}`;

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

type Contacts = {
  readonly id?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
};

function hashContacts(item: RecordInput, hasher: ContactHasher): Record<string, unknown> {
  if (item.entity === 'client') {
    const { phones = [], emails = [], ...rest } = item.input;
    return { ...rest, phone_hashes: hashes(phones, hasher.phone), email_hashes: hashes(emails, hasher.email) };
  }
  const { client, ...rest } = item.input as typeof item.input & { client?: Contacts | undefined };
  if (client === undefined) return rest;
  return {
    ...rest,
    client_id: client.id,
    phone_hashes: hashes([client.phone ?? ''], hasher.phone),
    email_hashes: hashes([client.email ?? ''], hasher.email),
  };
}

const hashes = (texts: readonly string[], hash: (text: string) => string | undefined): string[] => [
  ...new Set(texts.flatMap((text) => hash(text) ?? [])),
];

/** JSON in which half of an emoji, cut by some system on the way, is U+FFFD: the database takes the whole text for no JSON otherwise. */
const wellFormedJson = (value: unknown): string =>
  JSON.stringify(value ?? null).replace(/\\(u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g, (whole, mark: string) =>
    mark.length > 1 ? '\\ufffd' : whole,
  );
