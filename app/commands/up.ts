import { systemClock } from '../../domain/time.ts';
import type { AddCommand } from '../command-line.ts';
import { readPort, readWorkers } from '../options.ts';
import { openInstallation } from '../runtime/installation.ts';
import { createLogger } from '../runtime/logger.ts';
import { allRoles, type RoleName, type Served, serve } from '../runtime/serve.ts';
import { untilAskedToStop } from '../runtime/stop-signal.ts';
import { type CommonOptions, readSettings, type Settings, siteKeyOf } from '../settings.ts';
import { tell } from '../terminal/tell.ts';

interface UpOptions extends CommonOptions {
  readonly workers?: number;
}

const roleCommands: readonly { readonly name: string; readonly roles: readonly RoleName[]; readonly does: string }[] = [
  { name: 'up', roles: allRoles, does: 'everything: collector, schedules, ETL, reports, dashboard' },
  { name: 'collector', roles: ['collector'], does: 'only the collector' },
  { name: 'etl', roles: ['etl'], does: 'only schedules and ETL' },
  { name: 'reports', roles: ['reports'], does: 'only the report API and the dashboard' },
];

export const addUp: AddCommand = (program, { env }) => {
  for (const { name, roles, does } of roleCommands) {
    const command = program
      .command(name)
      .description(does)
      .option('--port <n>', 'port to listen on (default: 8090)', readPort);
    if (roles.includes('collector')) {
      const help = 'processes that take events (default: collector.workers of the configuration, 1)';
      command.option('--workers <n>', help, readWorkers);
    }
    command.action(async ({ workers, ...options }: UpOptions) => runRoles(readSettings(options, env), roles, workers));
  }
};

async function runRoles(settings: Settings, roles: readonly RoleName[], asked: number | undefined): Promise<void> {
  const workers = asked ?? settings.config.collector.workers;
  const installation = await openInstallation({
    ...settings,
    clock: systemClock,
    logger: createLogger(settings.logLevel),
  });
  try {
    const served = await serve(installation, {
      ...settings,
      roles,
      workers,
      hasConfigFile: settings.file !== undefined,
    });
    try {
      // Listening first: who reads the greeting may stop it at once.
      const stopping = untilAskedToStop();
      tell(await greeting(settings, served, roles));
      await stopping;
    } finally {
      await served.stop();
    }
  } finally {
    await installation.stop();
  }
}

async function greeting(settings: Settings, served: Served, roles: readonly RoleName[]): Promise<string> {
  const lines = [`Throughline is up at ${served.url}`];
  if (settings.file === undefined)
    lines.push('No configuration file: project "default", pages on this machine may send events.');
  if (roles.includes('collector'))
    lines.push(
      `Tag for your pages: <script async src="${served.url}/t.js" data-site="${await siteKeyOf(settings)}"></script>`,
    );
  if (roles.includes('reports'))
    lines.push('Access token for the dashboard: npm run -s throughline -- token create --scope read');
  return `${lines.join('\n')}\nStop with Ctrl-C.\n`;
}
