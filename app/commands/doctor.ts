import type { AddCommand } from '../command-line.ts';
import { checkInstallation, type Finding } from '../runtime/check-installation.ts';
import { listRejected } from '../runtime/check-rejected.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';
import { tell } from '../terminal/tell.ts';

interface DoctorOptions extends CommonOptions {
  readonly rejected?: boolean;
}

const markOf = ({ isGood, isWarning }: Finding): string => {
  if (!isGood) return '✗';
  return isWarning ? '!' : '✓';
};

export const addDoctor: AddCommand = (program, { env, setExitCode }) => {
  program
    .command('doctor')
    .description('check this installation and say what to mend')
    .option('--rejected', 'list what could not be taken instead, the newest first')
    .action(async (options: DoctorOptions) => {
      const settings = readSettings(options, env);
      await withInstallation(settings, async (installation) => {
        if (options.rejected) {
          tell(`${await listRejected(installation)}\n`);
          return;
        }
        tell(`✓ configuration: ${settings.file ?? 'no file, the defaults hold'}\n`);
        for (const finding of await checkInstallation(installation)) {
          tell(`${markOf(finding)} ${finding.what}: ${finding.says}\n`);
          if (!finding.isGood) setExitCode(1);
        }
      });
    });
};
