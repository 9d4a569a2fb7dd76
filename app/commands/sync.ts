import { runStages } from '../../etl/pipeline.ts';
import { type ConfiguredSource, type PullResult, type PullRetry, pullSource } from '../../etl/pull.ts';
import type { AddCommand, CommandContext } from '../command-line.ts';
import { readDate } from '../options.ts';
import { claimDatabase } from '../runtime/claim-database.ts';
import type { Installation } from '../runtime/installation.ts';
import { type CommonOptions, readSettings, type Settings, withInstallation } from '../settings.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { complain } from '../terminal/tell.ts';

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
      await withInstallation({ ...settings, logLevel: logLevelFor(settings, process.stderr) }, (installation) =>
        syncSources(installation, context, source, options.since),
      );
    });
};

/** A person at a terminal is told in words; the JSON of the log would only stand between them, unless it is asked for. */
const logLevelFor = ({ logLevel, env }: Settings, out: { readonly isTTY?: boolean }): string =>
  out.isTTY === true && !env['LOG_LEVEL'] ? 'silent' : logLevel;

async function syncSources(
  installation: Installation,
  context: CommandContext,
  id: string | undefined,
  since: string | undefined,
): Promise<void> {
  const chosen = installation.sources.filter((source) => (id === undefined ? isRead(source) : source.id === id));
  if (chosen.length === 0) {
    complain(`${noSuchSource(installation.sources, id)}\n`);
    context.setExitCode(id === undefined ? 1 : 2);
    return;
  }
  const sender = chosen.find((source) => !isRead(source));
  if (sender !== undefined) {
    complain(`There is nothing to read from ${sender.id}: it sends by itself.\n`);
    context.setExitCode(2);
    return;
  }
  await claimDatabase(installation);
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
    onRetry: (retry: PullRetry) => progress.wait(source.id, waitWords(retry)),
  };
  progress.wait(source.id, 'asking for what is new');
  const result = await pullSource(deps, source, { trigger: 'command', ...(since === undefined ? {} : { since }) });
  progress.done(source.id, summary(result), result.outcome === 'ok');
  for (const [detail, streams] of failuresOf(result)) complain(`✗ ${source.id} ${streams.join(', ')}: ${detail}\n`);
  if (result.outcome === 'failed') context.setExitCode(1);
}

const waitWords = ({ attempt, attempts, waitMs, why }: PullRetry): string =>
  `${why.split('. ')[0]}; try ${attempt} of ${attempts} in ${Math.ceil(waitMs / 1000)} s`;

/** Streams by what stopped them: one cause is told once. */
function failuresOf({ streams }: PullResult): ReadonlyMap<string, readonly string[]> {
  const failures = new Map<string, string[]>();
  for (const { stream, failure } of streams)
    if (failure) failures.set(failure.detail, [...(failures.get(failure.detail) ?? []), stream]);
  return failures;
}

const summary = ({ rowsRead, rowsWritten, rejected }: PullResult): string =>
  `${rowsRead} read, ${rowsWritten} new or changed${rejected === 0 ? '' : `, ${rejected} could not be taken (kept in rejected)`}`;
