import { type StandIns, site, sourcesConfig, spamStage } from '../../test/simulator/index.ts';
import { type Config, configSchema } from '../config/schema.ts';

/** Login of the made-up 1C; it exists on this machine alone and only while the demo runs. */
export const exchangeLogin = { login: 'exchange', password: 'demo exchange password' };

/** Often enough to be watched: a real shop reads its ad account once an hour. */
const demoSchedule = '*/5 * * * * *';

/** The configuration a shop like the made-up one would write, with the addresses of its systems. */
export function demoConfig(standIns: StandIns): Config {
  const sources = sourcesConfig(standIns, exchangeLogin).map((source) =>
    source.type === '1c-exchange' ? source : { ...source, schedule: demoSchedule },
  );
  return configSchema.parse({
    project: 'demo',
    timezone: 'Europe/Moscow',
    currency: 'RUB',
    money_source: 'payments',
    sites: [{ key: site.key, domains: site.domains, origins: site.origins }],
    sources,
    rules: { status_groups: { [spamStage]: 'excluded' } },
  });
}
