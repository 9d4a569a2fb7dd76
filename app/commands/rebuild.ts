import { rebuildAll } from '../../etl/pipeline.ts';
import type { AddCommand } from '../command-line.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';
import { createProgress } from '../terminal/progress.ts';

export const addRebuild: AddCommand = (program, { env }) => {
  program
    .command('rebuild')
    .description('compute every report table anew from raw data; reports go on meanwhile')
    .action(async (options: CommonOptions) => {
      await withInstallation(readSettings(options, env), async (installation) => {
        const progress = createProgress(process.stdout);
        let stages = 0;
        const onStage = (stage: string): void => {
          stages += 1;
          progress.step(stage, stages);
        };
        await rebuildAll({ ...installation.pipeline(), onStage });
        progress.done('rebuild', 'every report table was computed anew');
      });
    });
};
