import { type Metric, minus, plus, type RatioMetric, type Term } from '../metric.ts';

type Parts = Pick<RatioMetric, 'unit' | 'better' | 'formula' | 'label' | 'description'>;

const ratio = (name: string, numerator: readonly Term[], denominator: string, parts: Parts): Metric => ({
  name,
  kind: 'ratio',
  numerator,
  denominator,
  ...parts,
});

export const ratios: readonly Metric[] = [
  ratio('conversion_lead', [plus('leads')], 'visits', {
    unit: 'ratio',
    better: 'more',
    formula: 'leads ÷ visits',
    label: { en: 'Visit to lead', ru: 'Конверсия в заявку' },
    description: { en: 'How many requests a visit brings.', ru: 'Сколько заявок приносит визит.' },
  }),
  ratio('conversion_sale', [plus('sales')], 'leads', {
    unit: 'ratio',
    better: 'more',
    formula: 'sales ÷ leads',
    label: { en: 'Lead to sale', ru: 'Конверсия из заявки в продажу' },
    description: { en: 'Which share of requests became sales.', ru: 'Какая доля заявок стала продажами.' },
  }),
  ratio('conversion', [plus('sales')], 'visits', {
    unit: 'ratio',
    better: 'more',
    formula: 'sales ÷ visits',
    label: { en: 'Visit to sale', ru: 'Конверсия в продажу' },
    description: { en: 'How many sales a visit brings.', ru: 'Сколько продаж приносит визит.' },
  }),
  ratio('aov', [plus('revenue')], 'sales', {
    unit: 'money',
    better: 'more',
    formula: 'revenue ÷ sales',
    label: { en: 'Average order', ru: 'Средний чек' },
    description: { en: 'Revenue of one sale.', ru: 'Выручка с одной продажи.' },
  }),
  ratio('roi', [plus('gross_profit'), minus('ad_cost')], 'ad_cost', {
    unit: 'ratio',
    better: 'more',
    formula: '(gross_profit − ad_cost) ÷ ad_cost',
    label: { en: 'ROI', ru: 'ROI' },
    description: {
      en: 'Profit for each unit of money spent on advertising; 0 is break-even.',
      ru: 'Прибыль на каждый рубль рекламы; 0 — окупилось в ноль.',
    },
  }),
  ratio('romi', [plus('revenue'), minus('ad_cost')], 'ad_cost', {
    unit: 'ratio',
    better: 'more',
    formula: '(revenue − ad_cost) ÷ ad_cost',
    label: { en: 'ROMI', ru: 'ROMI' },
    description: {
      en: 'The same by revenue, without the cost of the goods.',
      ru: 'То же по выручке, без учёта себестоимости.',
    },
  }),
  ratio('roas', [plus('revenue')], 'ad_cost', {
    unit: 'ratio',
    better: 'more',
    formula: 'revenue ÷ ad_cost',
    label: { en: 'ROAS', ru: 'ROAS' },
    description: {
      en: 'Revenue for each unit of money spent on advertising.',
      ru: 'Выручка на каждый рубль рекламы.',
    },
  }),
  ratio('drr', [plus('ad_cost')], 'revenue', {
    unit: 'ratio',
    better: 'less',
    formula: 'ad_cost ÷ revenue',
    label: { en: 'Ad cost share', ru: 'ДРР' },
    description: {
      en: 'Which share of revenue went into advertising.',
      ru: 'Доля рекламных расходов в выручке.',
    },
  }),
  ratio('cpc', [plus('ad_cost')], 'clicks', {
    unit: 'money',
    better: 'less',
    formula: 'ad_cost ÷ clicks',
    label: { en: 'Cost per click', ru: 'Цена клика' },
    description: { en: 'Spend per click of the ad platform.', ru: 'Расход на один клик по данным площадки.' },
  }),
  ratio('ctr', [plus('clicks')], 'impressions', {
    unit: 'ratio',
    better: 'more',
    formula: 'clicks ÷ impressions',
    label: { en: 'CTR', ru: 'CTR' },
    description: { en: 'Which share of impressions was clicked.', ru: 'Доля показов, по которым кликнули.' },
  }),
  ratio('cpv', [plus('ad_cost')], 'visits', {
    unit: 'money',
    better: 'less',
    formula: 'ad_cost ÷ visits',
    label: { en: 'Cost per visit', ru: 'Цена визита' },
    description: { en: 'Spend per visit seen on the site.', ru: 'Расход на один визит на сайте.' },
  }),
  ratio('cpl', [plus('ad_cost')], 'leads', {
    unit: 'money',
    better: 'less',
    formula: 'ad_cost ÷ leads',
    label: { en: 'Cost per lead', ru: 'Цена заявки' },
    description: { en: 'Spend per request.', ru: 'Расход на одну заявку.' },
  }),
  ratio('cpo', [plus('ad_cost')], 'sales', {
    unit: 'money',
    better: 'less',
    formula: 'ad_cost ÷ sales',
    label: { en: 'Cost per sale', ru: 'Цена продажи' },
    description: { en: 'Spend per sale.', ru: 'Расход на одну продажу.' },
  }),
  ratio('cac', [plus('ad_cost')], 'new_clients', {
    unit: 'money',
    better: 'less',
    formula: 'ad_cost ÷ new_clients',
    label: { en: 'Cost per new client', ru: 'Цена нового клиента' },
    description: { en: 'Spend per client won.', ru: 'Расход на одного нового клиента.' },
  }),
  ratio('sales_cycle_days', [plus('cycle')], 'sales', {
    unit: 'days',
    better: 'less',
    formula: 'mean of (first payment − request) over sales, in days of 24 hours',
    label: { en: 'Sales cycle, days', ru: 'Цикл сделки, дней' },
    description: {
      en: 'Mean time from the request to the first payment.',
      ru: 'Среднее время от заявки до первой оплаты.',
    },
  }),
  ratio('margin', [plus('gross_profit')], 'revenue', {
    unit: 'ratio',
    better: 'more',
    formula: 'gross_profit ÷ revenue',
    label: { en: 'Margin', ru: 'Маржинальность' },
    description: { en: 'Which share of revenue is gross profit.', ru: 'Доля валовой прибыли в выручке.' },
  }),
];
