import { managers, pipelines, sourceIds } from '../catalogue.ts';
import type { CostRow, State, Visit } from '../model.ts';
import type { DealFact, LeadFact } from './facts.ts';

const touchDimensions = [
  'channel',
  'source',
  'medium',
  'campaign',
  'campaign_id',
  'platform',
  'adgroup_id',
  'ad_id',
  'keyword',
  'device',
  'landing_page',
] as const;
const dealDimensions = ['pipeline', 'manager', 'status_group', 'deal_source'] as const;

export const dimensions = [...touchDimensions, 'form_id', ...dealDimensions] as const;
export type Dimension = (typeof dimensions)[number];

export type Values = Partial<Record<Dimension, string | null>>;
export type FactKind = 'visit' | 'cost' | 'lead' | 'deal';

const isOneOf = (list: readonly string[], name: string): boolean => list.includes(name);

/** Whether a fact of the kind has the dimension at all; otherwise its metrics are null there, not 0. */
export function hasDimension(kind: FactKind, dimension: Dimension): boolean {
  if (kind === 'cost')
    return isOneOf(touchDimensions, dimension) && dimension !== 'device' && dimension !== 'landing_page';
  if (isOneOf(touchDimensions, dimension)) return true;
  return kind === 'lead' || kind === 'deal';
}

export const noVisit: Values = { channel: 'No visit' };

export function visitValues(visit: Visit, state: State): Values {
  const { source } = visit;
  return {
    channel: source.channel,
    source: source.source,
    medium: source.medium,
    campaign: campaignName(source.platform, source.campaignId, source.campaign, state),
    campaign_id: source.campaignId,
    platform: source.platform,
    ad_id: source.adId,
    keyword: source.keyword,
    device: visit.device.kind,
    landing_page: visit.landingPath,
  };
}

export const costValues = (row: CostRow, state: State): Values => ({
  channel: row.channel,
  source: row.source,
  medium: row.medium,
  campaign: campaignName(row.platform, row.campaignId, row.campaign, state),
  campaign_id: row.campaignId,
  platform: row.platform,
  adgroup_id: row.adGroupId,
  ad_id: row.adId,
});

/** The newest name of a platform's campaign, else the mark itself. */
function campaignName(platform: string | null, id: string | null, mark: string | null, state: State): string | null {
  const name = platform === 'yandex-direct' && id !== null ? state.campaignNames.get(id) : undefined;
  return name ?? mark;
}

/** A request has what its deal has; one that no deal came of has its form alone. */
export const leadValues = (lead: LeadFact): Values => ({
  ...(lead.deal === null ? {} : dealValues(lead.deal)),
  form_id: lead.formId,
});

export function dealValues(fact: DealFact): Values {
  const { deal } = fact;
  const isCrm = deal.home === 'crm';
  const manager = managers.find((one) => one.id === deal.managerId);
  return {
    form_id: fact.formId,
    pipeline: isCrm ? (pipelines.find((one) => one.id === deal.pipeline)?.name ?? null) : null,
    manager: isCrm && manager ? `${manager.name} ${manager.lastName}` : null,
    status_group: deal.group,
    deal_source: sourceIds[deal.home],
  };
}
