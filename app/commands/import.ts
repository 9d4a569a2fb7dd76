import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { RecordEntity } from '../../domain/record/index.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { runStages } from '../../etl/pipeline.ts';
import type { AddCommand, CommandContext } from '../command-line.ts';
import { claimDatabase } from '../runtime/claim-database.ts';
import { type Imported, importExchangeFile, importTable } from '../runtime/import-file.ts';
import { importRates } from '../runtime/import-rates.ts';
import type { Installation } from '../runtime/installation.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';
import { complain, tell } from '../terminal/tell.ts';

const tables: Readonly<Record<string, RecordEntity>> = {
  costs: 'cost',
  deals: 'deal',
  payments: 'payment',
  leads: 'lead',
  touches: 'touch',
  clients: 'client',
};
/** Faults of what was typed, not of a file. */
const usageFaults = new Set(['unknown_import', 'several_sources']);
const known = ['commerceml', ...Object.keys(tables), 'rates'];

export const addImport: AddCommand = (program, context) => {
  program
    .command('import')
    .argument(
      '<format>',
      `${known.join(', ')}, or the id of a 1c-exchange source for its CommerceML files: commerceml is the only one`,
    )
    .argument('<file...>', 'CSV, NDJSON or JSON for tables; XML or zip for CommerceML')
    .description('read files of a known format')
    .action(async (format: string, files: string[], options: CommonOptions) => {
      const settings = readSettings(options, context.env);
      await withInstallation(settings, (installation) => importFiles(installation, context, format, files));
    });
};

async function importFiles(
  installation: Installation,
  context: CommandContext,
  format: string,
  files: readonly string[],
): Promise<void> {
  await claimDatabase(installation);
  for (const file of files) {
    const result = await importFile(installation, format, file);
    if (result.ok) tell(`✓ ${file}: ${describe(result.value)}\n`);
    else
      complain(
        `✗ ${file}: ${result.problem.place === 'file' ? '' : `${result.problem.place}: `}${result.problem.detail}\n`,
      );
    if (!result.ok) context.setExitCode(usageFaults.has(result.problem.reason) ? 2 : 1);
  }
  await runStages(installation.pipeline(), 'command');
}

async function importFile(installation: Installation, format: string, path: string): Promise<Result<Imported, string>> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return failed('folder', 'file', 'This is a folder: give the files in it.');
  if (!found?.isFile()) return failed('no_file', 'file', 'There is no such file.');
  if (format === 'rates') return importRates(installation, path);
  const entity = tables[format];
  if (entity !== undefined) return importTable(installation, entity, path);
  const source = exchangeSource(installation, format);
  if (!source.ok) return source;
  const task = { sourceId: source.value, path, filename: basename(path), trigger: 'command' } as const;
  const imported = await importExchangeFile(installation, task);
  return imported.ok && source.value !== format ? ok(withRemark(imported.value, `into ${source.value}`)) : imported;
}

/** Whose file it is: a 1C that sends its files to us itself must not be counted once more under another name. */
function exchangeSource({ sources }: Installation, format: string): Result<string, string> {
  const ids = sources.filter(({ definition }) => definition.type === '1c-exchange').map(({ id }) => id);
  if (ids.includes(format)) return ok(format);
  if (format !== 'commerceml')
    return failed(
      'unknown_import',
      'file',
      `"${format}" is not known; give one of ${known.join(', ')}, or the id of a 1c-exchange source.`,
    );
  if (ids.length > 1)
    return failed('several_sources', 'file', `Give the 1C whose file it is instead of commerceml: ${ids.join(', ')}.`);
  return ok(ids[0] ?? format);
}

const withRemark = (imported: Imported, remark: string): Imported => ({
  ...imported,
  remark: imported.remark === undefined ? remark : `${remark}, ${imported.remark}`,
});

function describe({ records, noun = 'records', kinds, rejected, remark }: Imported): string {
  const parts = [kinds === undefined ? `${records} ${noun}` : `${records} ${noun} (${kinds})`];
  if (rejected > 0) parts.push(`${rejected} could not be taken (kept in rejected)`);
  if (remark !== undefined) parts.push(remark);
  return parts.join(', ');
}
