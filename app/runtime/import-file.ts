import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { z } from 'zod';
import { readRows } from '../../collector/ingest/read-rows.ts';
import { type RecordEntity, type RecordInput, recordSchemas } from '../../domain/record/index.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { ConfiguredSource } from '../../etl/pull.ts';
import { openPush, type PushedRow } from '../../etl/push.ts';
import type { RunTrigger } from '../../etl/runs.ts';
import { importCommerceml } from '../../etl/sources/onec-commerceml/import-commerceml.ts';
import { type OnecExchangeSettings, onecExchangeSettings } from '../../etl/sources/onec-commerceml/settings.ts';
import { addUpCosts, type CostRow } from './add-up-costs.ts';
import { exchangeSummary } from './exchange-summary.ts';
import type { Installation } from './installation.ts';

export interface Imported {
  /** Records read. */
  readonly records: number;
  /** What they are called; `records` when it is not said. */
  readonly noun?: string;
  /** How many of each kind: `1 payment, 2 statuses`. */
  readonly kinds?: string;
  /** Rows that could not be taken; they are kept in `rejected`. */
  readonly rejected: number;
  /** What a user should know beside the numbers. */
  readonly remark?: string;
}

export interface ExchangeFileTask {
  readonly sourceId: string;
  readonly path: string;
  readonly filename: string;
  readonly trigger: RunTrigger;
}

/** Reads a CommerceML file as the 1C of this source would have sent it. */
export async function importExchangeFile(
  installation: Installation,
  task: ExchangeFileTask,
): Promise<Result<Imported, string>> {
  const { config, clock } = installation;
  const push = await openPush(installation.pull(), {
    sourceId: task.sourceId,
    stream: 'exchange',
    entity: 'deal',
    trigger: task.trigger,
    order: 'instant',
  });
  const result = await importCommerceml({
    path: task.path,
    filename: task.filename,
    sourceId: task.sourceId,
    settings: exchangeSettings(installation.sources, task.sourceId),
    timezone: config.timezone,
    currency: config.currency,
    clock,
    write: (rows) => push.write(rows),
  });
  await push.finish(result.failed?.detail);
  if (result.failed) return failed(result.failed.reason, result.failed.place, result.failed.detail);
  return ok(exchangeSummary(result));
}

function exchangeSettings(sources: readonly ConfiguredSource[], sourceId: string): OnecExchangeSettings {
  const source = sources.find(({ id, definition }) => id === sourceId && definition.type === '1c-exchange');
  // A file imported by hand needs no login: the names and zone of an unconfigured source are the defaults.
  return source === undefined
    ? onecExchangeSettings.parse({ login: 'import', password: 'not used by an import' })
    : onecExchangeSettings.parse(source.settings);
}

const typeOfExtension: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
};

/** Rows of a table, each still to be checked; its form is told by the ending of its name. */
export async function readTable(path: string): Promise<Result<readonly unknown[], string>> {
  const type = typeOfExtension[extname(path).toLowerCase()];
  if (type === undefined)
    return failed('unknown_format', 'file', `Give a file that ends in ${Object.keys(typeOfExtension).join(', ')}.`);
  const bytes = await readFile(path);
  if (isBlank(bytes)) return failed('empty_file', 'file', 'The file is empty.');
  return readRows(bytes, type);
}

const isBlank = (bytes: Buffer): boolean =>
  bytes.length < 1024 && bytes.toString('utf8').replace('\ufeff', '').trim() === '';

/** Reads a table of costs, deals or any other entity, wholly or not at all. The reasons name each row and column at fault. */
export async function importTable(
  installation: Installation,
  entity: RecordEntity,
  path: string,
): Promise<Result<Imported, string>> {
  const rows = await readTable(path);
  if (!rows.ok) return rows;
  const checked =
    entity === 'cost' ? checkCosts(rows.value, installation.config.currency) : checkRows(entity, rows.value);
  if (!checked.ok) return checked;
  const push = await openPush(installation.pull(), {
    sourceId: `import-${entity}`,
    stream: 'import',
    entity,
    trigger: 'command',
  });
  await push.write(checked.value.pushed);
  const counts = await push.finish();
  const { remark } = checked.value;
  return ok({ records: counts.rowsRead, rejected: counts.rejected, ...(remark === undefined ? {} : { remark }) });
}

const shownFaults = 20;

interface CheckedTable {
  readonly pushed: readonly PushedRow[];
  readonly remark?: string;
}

function checkRows(entity: RecordEntity, rows: readonly unknown[]): Result<CheckedTable, string> {
  const faults: string[] = [];
  const pushed: PushedRow[] = [];
  for (const [index, payload] of rows.entries()) {
    const parsed = recordSchemas[entity].safeParse(payload);
    // Schema and output belong to the same entity, which the union of all entities cannot express.
    if (parsed.success)
      pushed.push({ mapped: { ok: true, item: { entity, input: parsed.data } as RecordInput }, payload });
    else faults.push(...faultsOf(index, parsed.error));
  }
  return faults.length === 0 ? ok({ pushed }) : failed('invalid_rows', 'file', nothingImported(faults));
}

function checkCosts(rows: readonly unknown[], currency: string): Result<CheckedTable, string> {
  const faults: string[] = [];
  const costs: CostRow[] = [];
  for (const [index, payload] of rows.entries()) {
    const parsed = recordSchemas.cost.safeParse(payload);
    if (parsed.success) costs.push({ number: index + 1, input: parsed.data, payload });
    else faults.push(...faultsOf(index, parsed.error));
  }
  const { pushed, addedUp, places, faults: unlike } = addUpCosts(costs, currency);
  faults.push(...unlike);
  if (faults.length > 0) return failed('invalid_rows', 'file', nothingImported(faults));
  return ok({
    pushed,
    ...(addedUp === 0 ? {} : { remark: `${addedUp} rows that differ only in the amounts were added up to ${places}` }),
  });
}

const faultsOf = (index: number, { issues }: z.ZodError): string[] =>
  issues.map(({ path, message }) => `  row ${[index + 1, ...path.map(String)].join(', ')}: ${message}`);

/** The faults of a table, a line each, in words for its owner. */
export function nothingImported(faults: readonly string[]): string {
  const shown = faults.slice(0, shownFaults);
  if (faults.length > shownFaults) shown.push(`  and ${faults.length - shownFaults} more`);
  return `Nothing was imported (row 1 is the first below the header):\n${shown.join('\n')}`;
}
