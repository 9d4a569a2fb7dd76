import { localDate, startOfLocalDay, systemClock } from '../../domain/time.ts';
import { rebuildAll, rebuildSince } from '../../etl/pipeline.ts';
import type { AddCommand } from '../command-line.ts';
import { readDate } from '../options.ts';
import { claimDatabase } from '../runtime/claim-database.ts';
import type { Installation } from '../runtime/installation.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';
import { createProgress } from '../terminal/progress.ts';
import { complain } from '../terminal/tell.ts';

interface RebuildOptions extends CommonOptions {
  readonly from?: string;
}

export const addRebuild: AddCommand = (program, { env, setExitCode }) => {
  program
    .command('rebuild')
    .description('compute every report table anew from raw data; reports go on meanwhile')
    .option('--from <date>', 'only what happened or came on this day or later', readDate)
    .action(async (options: RebuildOptions) => {
      const settings = readSettings(options, env);
      const today = localDate(systemClock.now(), settings.config.timezone);
      if (options.from !== undefined && options.from > today) {
        complain(
          `error: --from ${options.from} is yet to come: give ${today} (today in ${settings.config.timezone}) or an earlier day\n`,
        );
        setExitCode(2);
        return;
      }
      await withInstallation(settings, async (installation) => {
        await claimDatabase(installation);
        if (!(await rebuild(installation, options.from))) setExitCode(1);
      });
    });
};

/** False when something could not be computed. */
async function rebuild(installation: Installation, from: string | undefined): Promise<boolean> {
  const progress = createProgress(process.stdout);
  let stages = 0;
  const onStage = (stage: string): void => {
    stages += 1;
    progress.step(stage, stages);
  };
  const pipeline = { ...installation.pipeline(), onStage };
  const { setAside } =
    from === undefined
      ? await rebuildAll(pipeline)
      : await rebuildSince(pipeline, { day: from, atMs: startOfLocalDay(from, installation.config.timezone) });
  const what =
    from === undefined
      ? 'every report table was computed anew'
      : `what happened or came since ${from} was computed anew`;
  const isWhole = setAside === 0;
  progress.done('rebuild', isWhole ? what : `${what} but for ${setAside} that throughline doctor names`, isWhole);
  return isWhole;
}
