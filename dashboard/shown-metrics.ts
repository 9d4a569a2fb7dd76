/**
 * What the table shows until somebody chooses: the way from a click to the profit, as wide as a screen. It is a choice, which no catalog can
 * make; every other metric of the catalog is a tick away, and a name that the catalog lacks is left out.
 */
export const firstMetrics: readonly string[] = [
  'visits',
  'leads',
  'sales',
  'conversion',
  'ad_cost',
  'revenue',
  'gross_profit',
  'profit',
  'roi',
  'cpl',
  'aov',
];

/** The lines of the chart and the style of each: what came in beside what was spent on it. */
export const chartLines: readonly { readonly metric: string; readonly className: string }[] = [
  { metric: 'revenue', className: 'revenue' },
  { metric: 'ad_cost', className: 'cost' },
];

/** What rows are sorted by until somebody chooses. */
export const firstSort = '-revenue';
