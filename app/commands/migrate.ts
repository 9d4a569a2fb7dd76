import type { AddCommand } from '../command-line.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';
import { tell } from '../terminal/tell.ts';

export const addMigrate: AddCommand = (program, { env }) => {
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .action(async (options: CommonOptions) => {
      // Opening an installation migrates it: no command may run against an older schema.
      await withInstallation(readSettings(options, env), async ({ warehouse }) => {
        const rows = await warehouse.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY number');
        tell(`The schema is up to date: ${rows.map(({ name }) => name).join(', ')}\n`);
      });
    });
};
