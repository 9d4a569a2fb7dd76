import { dateBases, type LedgerQuestion, metricNames, models } from '../../test/simulator/index.ts';

type Names = LedgerQuestion['metrics'];

const money: Names = [
  'leads',
  'deals',
  'sales',
  'new_clients',
  'paid',
  'refunded',
  'revenue',
  'gross_profit',
  'profit',
];

export interface Period {
  readonly from: string;
  readonly to: string;
}

/** The table that a marketer looks at first. */
export const channelQuestion = (period: Period): LedgerQuestion => ({
  ...period,
  metrics: ['visits', 'leads', 'sales', 'ad_cost', 'revenue', 'roi', 'conversion', 'aov', 'ltv'],
  dimensions: ['channel'],
  date_basis: 'deal',
  horizon_days: 30,
});

/** The same for each campaign: what it cost and earned. */
export const campaignQuestion = (period: Period): LedgerQuestion => ({
  ...period,
  metrics: ['visits', 'clicks', 'ad_cost', 'leads', 'sales', 'revenue', 'roi'],
  dimensions: ['channel', 'campaign'],
  date_basis: 'deal',
});

/** Every metric by channel, then the money under every date basis with every model, and by day. */
export function everyQuestion(period: Period): LedgerQuestion[] {
  const crossed = dateBases.flatMap((date_basis) =>
    models.map(
      (model): LedgerQuestion => ({
        ...period,
        metrics: money,
        dimensions: ['source', 'medium'],
        date_basis,
        attribution: { model, window_days: 30 },
      }),
    ),
  );
  return [
    { ...period, metrics: metricNames, dimensions: ['channel'], date_basis: 'deal', horizon_days: 30 },
    { ...period, metrics: metricNames, dimensions: ['channel', 'campaign'], date_basis: 'touch', horizon_days: 30 },
    { ...period, metrics: metricNames, granularity: 'month', date_basis: 'deal', horizon_days: 30 },
    {
      ...period,
      metrics: ['visits', 'visitors', 'pageviews', 'leads', 'revenue', 'ad_cost'],
      granularity: 'day',
      date_basis: 'payment',
    },
    ...crossed,
  ];
}
