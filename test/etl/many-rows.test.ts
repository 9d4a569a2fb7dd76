import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { readRows } from '../../collector/ingest/read-rows.ts';
import { costInputSchema } from '../../domain/record/cost.ts';
import type { ConfiguredSource } from '../../etl/pull.ts';
import { openPush, type PushedRow } from '../../etl/push.ts';
import { defineSource, type Mapped } from '../../etl/source.ts';
import type { PullWorld } from '../support/pull-world.ts';
import { usePullWorlds } from '../support/use-pull-worlds.ts';

const current = usePullWorlds('2026-01-10T12:00:00Z');
let world: PullWorld;
beforeEach(() => {
  ({ world } = current());
});

const uuid = (number: number): string =>
  createHash('sha256')
    .update(String(number))
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** A source of deals whose rows all come in one page. */
const dealsOf = (rows: readonly { readonly id: string; readonly amount: string }[]): ConfiguredSource => ({
  id: 'crm',
  settings: {},
  definition: defineSource<object>({
    type: 'crm',
    title: { en: 'CRM', ru: 'CRM' },
    docs: 'https://example.com',
    settings: z.strictObject({}),
    secrets: () => [],
    rate: () => ({ perSecond: 10, burst: 10 }),
    streams: [
      {
        name: 'deals',
        entity: 'deal',
        key: 'id',
        cursor: 'full',
        writeMode: 'merge',
        async *read() {
          yield { rows };
        },
        toRecords: (row, { sourceId }): Mapped[] => [
          {
            ok: true,
            item: {
              entity: 'deal',
              input: {
                source: sourceId,
                created_at: '2026-01-10T09:00:00Z',
                status: 'open',
                ...(row as (typeof rows)[0]),
              },
            },
          },
        ],
      },
    ],
  }),
});

test('ten thousand deals with UUIDs in one page are written once, and then only those that changed', async () => {
  const rows = Array.from({ length: 10_000 }, (_, number) => ({ id: uuid(number), amount: '100' }));
  expect(await world.pull(dealsOf(rows))).toMatchObject({ outcome: 'ok', rowsWritten: 10_000 });
  expect(await world.pull(dealsOf(rows))).toMatchObject({ outcome: 'ok', rowsWritten: 0 });
  const changed = rows.map((row, index) => (index % 2500 === 0 ? { ...row, amount: '200' } : row));
  expect(await world.pull(dealsOf(changed))).toMatchObject({ outcome: 'ok', rowsWritten: 4 });
});

test('thousands of ids as long as ids may be, with signs that are written longer, are known again', async () => {
  const long = (number: number): string => `${uuid(number)}${'\\\'"я'.repeat(55)}`;
  const rows = Array.from({ length: 2000 }, (_, number) => ({ id: long(number), amount: '100' }));
  expect(await world.pull(dealsOf(rows))).toMatchObject({ outcome: 'ok', rowsWritten: 2000 });
  expect(await world.pull(dealsOf(rows))).toMatchObject({ outcome: 'ok', rowsWritten: 0 });
});

test('four thousand rows of one page that cannot be taken are kept once', async () => {
  const rows = Array.from({ length: 4000 }, (_, number) => ({ id: uuid(number), amount: 'a lot' }));
  expect(await world.pull(dealsOf(rows))).toMatchObject({ outcome: 'ok', rejected: 4000 });
  expect(await world.pull(dealsOf(rows))).toMatchObject({ outcome: 'ok', rejected: 0 });
  expect(await world.rows('SELECT count() AS kept FROM rejected WHERE project = {project:String}')).toEqual([
    { kept: '4000' },
  ]);
});

test('a table of nine thousand costs is imported in one go, and again without writing anything', async () => {
  const lines = Array.from({ length: 9000 }, (_, number) => `2026-01-10,avito,${1000 + number},12.50,included`);
  const csv = ['date,platform,campaign_id,cost,vat', ...lines].join('\n');
  const table = readRows(Buffer.from(csv), 'text/csv');
  if (!table.ok) throw new Error(table.problem.detail);
  const rows = table.value.map((payload): PushedRow => {
    const input = costInputSchema.parse({ source: 'import-cost', ...(payload as object) });
    return { mapped: { ok: true, item: { entity: 'cost', input } }, payload };
  });
  const push = async () => {
    const task = { sourceId: 'import-cost', stream: 'import', entity: 'cost', trigger: 'command' } as const;
    const opened = await openPush(world.deps(), task);
    await opened.write(rows);
    return opened.finish();
  };
  expect(await push()).toMatchObject({ rowsRead: 9000, rowsWritten: 9000, rejected: 0 });
  expect(await push()).toMatchObject({ rowsRead: 9000, rowsWritten: 0, rejected: 0 });
});
