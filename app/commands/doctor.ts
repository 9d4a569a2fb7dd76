import type { AddCommand } from '../command-line.ts';
import { checkInstallation } from '../runtime/check-installation.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';

export const addDoctor: AddCommand = (program, { env, setExitCode }) => {
  program
    .command('doctor')
    .description('check this installation and say what to mend')
    .action(async (options: CommonOptions) => {
      const settings = readSettings(options, env);
      process.stdout.write(`✓ configuration: ${settings.file ?? 'no file, the defaults hold'}\n`);
      await withInstallation(settings, async (installation) => {
        for (const finding of await checkInstallation(installation)) {
          process.stdout.write(`${finding.isGood ? '✓' : '✗'} ${finding.what}: ${finding.says}\n`);
          if (!finding.isGood) setExitCode(1);
        }
      });
    });
};
