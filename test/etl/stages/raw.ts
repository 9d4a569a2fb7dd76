import { createHash } from 'node:crypto';
import { contactHasher } from '../../../domain/contact.ts';
import type { RecordInput } from '../../../domain/record/index.ts';
import { recordSchemas } from '../../../domain/record/index.ts';
import { type RawRecord, toRawRecord } from '../../../domain/record/raw-record.ts';
import type { PipelineDeps } from '../../../etl/pipeline.ts';
import type { StageRules } from '../../../etl/stages/stage-context.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';

export const project = 'shop';
export const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
export const hasher = contactHasher('secret of the tests');

export const rules: StageRules = {
  currency: 'RUB',
  timezone: 'Europe/Moscow',
  moneySource: 'payments',
  ownDomains: ['shop.example'],
  paymentReturnDomains: [],
  sourceAliases: {},
  statusGroups: {},
  vatRates: [
    { from: '2000-01-01', rate: '0.20' },
    { from: '2026-01-01', rate: '0.22' },
  ],
};

/** A UUID that a name always gives. */
export function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface EventSketch {
  readonly who: string;
  /** `2026-03-01 10:00:00.000`, UTC. */
  readonly at: string;
  readonly type?: string;
  readonly url?: string;
  readonly referrer?: string;
  readonly id?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

export const event = ({
  who,
  at,
  type = 'pageview',
  url = 'https://shop.example/',
  referrer = '',
  id,
  more = {},
}: EventSketch) => ({
  project,
  site: 'demo',
  event_id: uuid(id ?? `${who} ${at} ${type} ${url}`),
  visitor_id: uuid(who),
  visit_id: '',
  visit_code: 0,
  type,
  occurred_at: at,
  received_at: at,
  url,
  referrer,
  title: 'Shop',
  form_id: '',
  form_name: '',
  form_page: '',
  order_id: '',
  order_amount: null,
  order_currency: '',
  items: '[]',
  phone_hash: '',
  email_hash: '',
  user_id: '',
  ym_client_id: '',
  props: '{}',
  ip: '127.0.0.0',
  user_agent: chrome,
  channel_in: 'collect',
  ...more,
});

let batchNumber = 0;

export async function loadEvents(
  warehouse: Warehouse,
  events: readonly object[],
  ofProject: string = project,
): Promise<void> {
  batchNumber += 1;
  const batch = `test-events-${batchNumber}`;
  await warehouse.insertRows(
    'raw_events',
    events.map((row) => ({ ...row, project: ofProject, batch })),
    batch,
  );
  await warehouse.insertRows('raw_batches', [
    { project: ofProject, batch, kind: 'events', rows: String(events.length) },
  ]);
}

export type Loose = {
  readonly entity: RecordInput['entity'];
  readonly row: Readonly<Record<string, unknown>>;
  readonly fetchedAt?: string;
};

export const record = (entity: Loose['entity'], row: Loose['row'], fetchedAt?: string): Loose => ({
  entity,
  row,
  ...(fetchedAt ? { fetchedAt } : {}),
});

export async function loadRecords(
  warehouse: Warehouse,
  records: readonly Loose[],
  ofProject: string = project,
  renamed: (row: RawRecord) => RawRecord = (row) => row,
): Promise<void> {
  await loadBatch(warehouse, records, ofProject, renamed);
}

/** The same with fields of the stored records changed to what the door would refuse. The answer is the batch. */
export function loadRawRecords(
  warehouse: Warehouse,
  records: readonly Loose[],
  ofProject: string,
  changed: (row: RawRecord) => object,
): Promise<string> {
  return loadBatch(warehouse, records, ofProject, (raw) => ({
    ...raw,
    record: raw.record === '' ? '' : JSON.stringify({ ...JSON.parse(raw.record), ...changed(raw) }),
  }));
}

async function loadBatch(
  warehouse: Warehouse,
  records: readonly Loose[],
  ofProject: string,
  changed: (row: RawRecord) => RawRecord,
): Promise<string> {
  batchNumber += 1;
  const batch = `test-records-${batchNumber}`;
  const rows = records.map(({ entity, row, fetchedAt }) => {
    const item = { entity, input: recordSchemas[entity].parse(row) } as RecordInput;
    const context = {
      project: ofProject,
      fetchedAtMs: Date.parse(fetchedAt ?? '2026-06-01T00:00:00Z'),
      hasher,
      payload: row,
    };
    return { ...changed(toRawRecord(item, context)), batch };
  });
  await warehouse.insertRows('raw_records', rows, batch);
  await warehouse.insertRows('raw_batches', [
    { project: ofProject, batch, kind: 'records', rows: String(rows.length) },
  ]);
  return batch;
}

export const pipeline = (warehouse: Warehouse, dataDir: string, over: Partial<StageRules> = {}): PipelineDeps => ({
  warehouse,
  project,
  dataDir,
  rules: { ...rules, ...over },
  clock: { now: () => Date.parse('2026-06-01T00:00:00Z') },
  sleep: () => Promise.resolve(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});

/** A mart without the columns that tell which run wrote it. */
export async function mart<Row = Record<string, unknown>>(
  warehouse: Warehouse,
  table: string,
  columns = '*',
  orderBy = 'ALL',
): Promise<Row[]> {
  const except = columns === '*' ? '* EXCEPT (run_no, is_deleted)' : columns;
  return warehouse.query<Row>(`SELECT ${except} FROM ${table} FINAL ORDER BY ${orderBy}`);
}
