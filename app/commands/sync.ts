import { runStages } from '../../etl/pipeline.ts';
import { type ConfiguredSource, type PullResult, pullSource } from '../../etl/pull.ts';
import type { AddCommand, CommandContext } from '../command-line.ts';
import { readDate } from '../options.ts';
import type { Installation } from '../runtime/installation.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';

interface SyncOptions extends CommonOptions {
  readonly since?: string;
}

export const addSync: AddCommand = (program, context) => {
  program
    .command('sync')
    .argument('[source]', 'id of one source; all of them without it')
    .description('read the sources now')
    .option('--since <date>', 'read again from this day on', readDate)
    .action(async (source: string | undefined, options: SyncOptions) => {
      const settings = readSettings(options, context.env);
      await withInstallation(settings, (installation) => syncSources(installation, context, source, options.since));
    });
};

async function syncSources(
  installation: Installation,
  context: CommandContext,
  id: string | undefined,
  since: string | undefined,
): Promise<void> {
  const chosen = installation.sources.filter((source) => (id === undefined ? isRead(source) : source.id === id));
  if (chosen.length === 0) {
    process.stderr.write(`${noSuchSource(installation.sources, id)}\n`);
    context.setExitCode(id === undefined ? 1 : 2);
    return;
  }
  const sender = chosen.find((source) => !isRead(source));
  if (sender !== undefined) {
    process.stderr.write(`There is nothing to read from ${sender.id}: it sends by itself.\n`);
    context.setExitCode(2);
    return;
  }
  const progress = createProgress(process.stdout);
  for (const source of chosen) await syncOne(installation, context, source, { progress, since });
  const { rows } = await runStages(installation.pipeline(), 'command');
  progress.done('reports', rows === 0 ? 'up to date' : `brought up to date with ${rows} records`);
}

/** 1C sends its files to us: reading it would say that all is well when nothing has come. */
const isRead = ({ definition }: ConfiguredSource): boolean => definition.streams.length > 0;

function noSuchSource(sources: readonly ConfiguredSource[], id: string | undefined): string {
  if (id === undefined) return 'The configuration file names no source that can be read.';
  return `There is no source "${id}". Known: ${sources.map((source) => source.id).join(', ') || 'none'}.`;
}

async function syncOne(
  installation: Installation,
  context: CommandContext,
  source: ConfiguredSource,
  { progress, since }: { readonly progress: Progress; readonly since: string | undefined },
): Promise<void> {
  const deps = {
    ...installation.pull(),
    onProgress: ({ stream, done, total }: { stream: string; done: number; total?: number }) =>
      progress.step(`${source.id} ${stream}`, done, total),
  };
  const result = await pullSource(deps, source, { trigger: 'command', ...(since === undefined ? {} : { since }) });
  progress.done(source.id, summary(result), result.outcome === 'ok');
  for (const { stream, failure } of result.streams) {
    if (failure) process.stderr.write(`✗ ${source.id} ${stream}: ${failure.detail}\n`);
  }
  if (result.outcome === 'failed') context.setExitCode(1);
}

const summary = ({ rowsRead, rowsWritten, rejected }: PullResult): string =>
  `${rowsRead} read, ${rowsWritten} new or changed${rejected === 0 ? '' : `, ${rejected} could not be taken (kept in rejected)`}`;
