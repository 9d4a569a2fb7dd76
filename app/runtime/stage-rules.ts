import type { StageRules } from '../../etl/stages/stage-context.ts';
import type { Config } from '../config/schema.ts';

/** What of the configuration decides how raw data is read. */
export function stageRules(config: Config): StageRules {
  const { rules } = config;
  return {
    currency: config.currency,
    timezone: config.timezone,
    moneySource: config.money_source,
    places: {
      database: config.geo.database === false ? 'off' : (config.geo.database ?? 'package'),
      language: config.geo.language,
    },
    ownDomains: [...config.sites.flatMap((site) => site.domains), ...rules.own_domains],
    paymentReturnDomains: rules.payment_return_domains,
    sourceAliases: Object.fromEntries(
      rules.channel_aliases.map(({ from, to }) => [from.trim().toLowerCase(), to.trim().toLowerCase()]),
    ),
    notRequests: rules.not_requests,
    statusGroups: rules.status_groups,
    vatRates: rules.vat_rates.toSorted((a, b) => a.from.localeCompare(b.from)),
  };
}
