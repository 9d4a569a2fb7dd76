import { type StandIns, site, sourcesConfig, spamStage } from '../../test/simulator/index.ts';
import { type Config, configSchema } from '../config/schema.ts';

/** Login of the made-up 1C; it exists on this machine alone and only while the demo runs. */
export const exchangeLogin = { login: 'exchange', password: 'demo exchange password' };

/** Often enough to be watched: a real shop reads its ad account once an hour. */
const demoSchedule = '*/5 * * * * *';

/** The made-up systems take more than the real ones, and what vanishes there is looked for at every reading. */
const extras: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bitrix24: { schedule: demoSchedule, requests_per_second: 50, sweep_hours: 0 },
  'yandex-direct': { schedule: demoSchedule },
  '1c-odata': { schedule: demoSchedule },
  '1c-exchange': { separate_base: true },
};

/** The configuration a shop like the made-up one would write, with the addresses of its systems. */
export function demoConfig(standIns: StandIns): Config {
  const sources = sourcesConfig(standIns, exchangeLogin).map((source) => ({
    ...source,
    ...extras[String(source.type)],
  }));
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
