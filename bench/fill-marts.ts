import type { Warehouse } from '../warehouse/warehouse.ts';

/** How much a shop of some size gathers in a year. */
export const shop = {
  visits: 1_000_000,
  visitors: 400_000,
  deals: 50_000,
  looseLeads: 30_000,
  campaigns: 40,
  from: '2025-01-01',
  to: '2025-12-31',
} as const;

/** Where visits come from: share in percent, channel, platform, source, medium. The last one takes the rest. */
const origins = [
  [28, 'Paid Search', 'yandex-direct', 'yandex', 'cpc'],
  [12, 'Paid Search', 'google-ads', 'google', 'cpc'],
  [10, 'Paid Social', 'vk-ads', 'vk', 'cpc'],
  [20, 'Organic Search', '', 'yandex', 'organic'],
  [5, 'Referral', '', 'reviews.example', 'referral'],
  [4, 'Organic Social', '', 'vk', 'social'],
  [3, 'Email', '', 'newsletter', 'email'],
  [2, 'AI Assistant', '', 'chatgpt', 'referral'],
  [16, 'Direct', '', '(direct)', '(none)'],
] as const;
const paidOrigins = 3;

const list = (values: readonly (string | number)[]): string =>
  `[${values.map((value) => (typeof value === 'number' ? value : `'${value}'`)).join(', ')}]`;
const column = (index: 1 | 2 | 3 | 4): string => list(origins.map((origin) => origin[index]));
const bounds = list(origins.map((_, index) => origins.slice(0, index + 1).reduce((sum, [share]) => sum + share, 0)));

/** Columns of a touch whose origin, campaign and looks follow from the number `k`. */
const touchColumns = `channel, platform, source, medium, campaign, campaign_id, landing_page, device, os, browser, visit_kind, touch_kind`;
const touchValues = (k: string): string => `
  arrayFirstIndex(bound -> cityHash64(${k}, 'origin') % 100 < bound, ${bounds}) AS origin,
  ${column(1)}[origin] AS channel, ${column(2)}[origin] AS platform, ${column(3)}[origin] AS source, ${column(4)}[origin] AS medium,
  if(origin <= ${paidOrigins}, 1000 + origin * 100 + cityHash64(${k}, 'campaign') % ${Math.floor(shop.campaigns / paidOrigins)}, 0) AS campaign_no,
  if(campaign_no = 0, '', concat('campaign_', toString(campaign_no))) AS campaign,
  if(campaign_no = 0, '', toString(campaign_no)) AS campaign_id,
  concat('/catalog/', toString(cityHash64(${k}, 'page') % 300)) AS landing_page,
  ['desktop', 'mobile', 'tablet'][1 + (cityHash64(${k}, 'device') % 100 > 35) + (cityHash64(${k}, 'device') % 100 > 96)] AS device,
  ['Windows', 'Android', 'iOS'][1 + cityHash64(${k}, 'os') % 3] AS os, ['Chrome', 'Yandex', 'Safari'][1 + cityHash64(${k}, 'browser') % 3] AS browser,
  if(cityHash64(${k}, 'kind') % 5 < 3, 'new', 'returning') AS visit_kind, 'visit' AS touch_kind`;

const yearSeconds = 365 * 86_400;
const instant = (k: string, salt: string): string =>
  `toDateTime64('${shop.from} 00:00:00', 3, 'UTC') + toIntervalMillisecond(cityHash64(${k}, '${salt}') % ${yearSeconds * 1000})`;
const uuid = (k: string): string => `reinterpretAsUUID(sipHash128(${k}))`;

const dealColumns = `number AS n, concat('crm:', toString(n)) AS deal_key, ${instant('n', 'deal')} AS created_at,
  created_at - toIntervalMinute(cityHash64(n, 'lead') % 600) AS lead_at, toDecimal64(500 + cityHash64(n, 'amount') % 30000, 6) AS amount,
  cityHash64(n, 'won') % 100 < 60 AS is_sale, created_at + toIntervalHour(cityHash64(n, 'paid') % 240) AS paid_at,
  concat('client-', toString(cityHash64(n, 'client') % 42000)) AS client_id`;

/** `paths` in the order of their number `n`, each with its own id and conversion, and about four touches before it. */
const pathTouches = (paths: string): string => `INSERT INTO deal_touches
  (project, path_id, touched_at, touch_id, conversion_at, position, path_length, seconds_before, client_id, ${touchColumns}, run_no, is_deleted)
SELECT 'bench', path_id, conversion_at - toIntervalSecond(seconds) AS touched_at, concat('visit-', toString(n), '-', toString(k)) AS touch_id,
  conversion_at, k, length, seconds, client_id, ${touchColumns}, 1, 0
FROM (
  SELECT *, 1 + cityHash64(n, 'touches') % 7 AS length, arrayJoin(range(1, length + 1)) AS k,
    (length - k) * 86400 * (1 + cityHash64(n, 'gap') % 12) + cityHash64(n, k, 'second') % 3600 AS seconds, ${touchValues('n * 8 + k')}
  FROM (${paths})
)`;

const statements: readonly string[] = [
  `INSERT INTO visits (project, visit_id, visitor_id, started_at, ended_at, visit_no, pageviews, events, is_bot, ${touchColumns}, site, run_no, is_deleted)
SELECT 'bench', hex(sipHash64(number)), ${uuid(`cityHash64(number, 'visitor') % ${shop.visitors}`)}, ${instant('number', 'visit')} AS at,
  at + 300, 1, 1 + cityHash64(number, 'pages') % 9, 1 + cityHash64(number, 'pages') % 9, cityHash64(number, 'bot') % 100 < 2, ${touchColumns}, 'demo', 1, 0
FROM (SELECT number, ${touchValues('number')} FROM numbers(${shop.visits}))`,

  `INSERT INTO deals (project, deal_key, deal_source, deal_id, role, created_at, updated_at, amount, currency, amount_base, status_group, status, cogs,
  client_id, matched_by, lead_id, lead_at, cogs_base, paid_net, first_paid_at, is_sale, sale_at, sale_no, first_sale_path, first_sale_at, run_no, is_deleted)
SELECT 'bench', deal_key, 'crm', toString(n), 'crm', created_at, created_at, amount, 'RUB', amount, if(is_sale, 'won', 'lost'), if(is_sale, 'WON', 'LOSE'),
  if(cityHash64(n, 'cogs') % 10 = 0, NULL, toDecimal64(amount * 6 / 10, 6)) AS cost, client_id, 'visitor', concat('deal:', deal_key), lead_at, ifNull(cost, 0),
  if(is_sale, amount, 0), if(is_sale, paid_at, NULL), is_sale, if(is_sale, paid_at, NULL), if(is_sale, 1 + (cityHash64(n, 'repeat') % 5 = 0), 0),
  concat('deal:', deal_key), if(is_sale, paid_at, NULL), 1, 0
FROM (SELECT ${dealColumns} FROM numbers(${shop.deals}))`,

  `INSERT INTO payments (project, payment_key, payment_source, payment_id, paid_at, amount, currency, amount_base, payment_method, deal_key, client_id,
  deal_group, deal_at, lead_at, cost_known, run_no, is_deleted)
SELECT 'bench', concat('1c:', toString(n), '-', toString(part)), '1c', toString(n), paid_at + toIntervalDay(part), if(part = 2, -sum, sum) AS paid, 'RUB', paid,
  'card', deal_key, client_id, 'won', created_at, lead_at, cityHash64(n, 'cogs') % 10 != 0, 1, 0
FROM (
  SELECT *, arrayJoin(if(cityHash64(n, 'refund') % 20 = 0, [0, 1, 2], [0, 1])) AS part,
    toDecimal64(if(part = 1, intDiv(amount, 3), amount - intDiv(amount, 3)), 6) AS sum
  FROM (SELECT ${dealColumns} FROM numbers(${shop.deals})) WHERE is_sale
)`,

  `INSERT INTO leads (project, lead_id, source, kind, created_at, form_id, request_page, client_id, deal_key, path_id, run_no, is_deleted)
SELECT 'bench', concat('deal:', deal_key), 'crm', 'crm', lead_at, '', '', client_id, deal_key, concat('deal:', deal_key), 1, 0
FROM (SELECT ${dealColumns} FROM numbers(${shop.deals}))
UNION ALL
SELECT 'bench', concat('event:', toString(number)), 'tracker', 'form', ${instant('number', 'loose')}, 'callback', '/contacts', '', '',
  concat('lead:event:', toString(number)), 1, 0
FROM numbers(${shop.looseLeads})`,

  pathTouches(
    `SELECT n, concat('deal:', deal_key) AS path_id, lead_at AS conversion_at, client_id FROM (SELECT ${dealColumns} FROM numbers(${shop.deals}))`,
  ),
  pathTouches(
    `SELECT number + ${shop.deals} AS n, concat('lead:event:', toString(number)) AS path_id, ${instant('number', 'loose')} AS conversion_at, '' AS client_id FROM numbers(${shop.looseLeads})`,
  ),

  `INSERT INTO costs (project, date, record_key, cost_key, cost_source, cost_level, kind, channel, platform, source, medium, campaign, campaign_id,
  cost_net, vat, cost_gross, currency, rate, cost_net_base, cost_gross_base, impressions, clicks, run_no, is_deleted)
SELECT 'bench', toDate('${shop.from}') + day AS date, concat('ads:', toString(number)), concat('ads:', toString(number), ':', toString(date)), platform, 'campaign', 'media', channel, platform, source, medium,
  campaign, campaign_id, net, gross - net, gross, 'RUB', 1, net, gross, 1000 + cityHash64(day, campaign_id) % 9000, 50 + cityHash64(day, campaign_id) % 400, 1, 0
FROM (
  SELECT number, number % 365 AS day, ${touchValues('intDiv(number, 365)')}, toDecimal64(800 + cityHash64(number, 'cost') % 4000, 6) AS net, toDecimal64(net * 12 / 10, 6) AS gross
  FROM numbers(${365 * shop.campaigns * 4})
) WHERE campaign_no != 0`,

  `INSERT INTO campaigns (project, platform, campaign_id, campaign, named_at)
SELECT 'bench', platform, campaign_id, concat('Кампания ', campaign_id), now() FROM costs GROUP BY platform, campaign_id`,
];

/** Fills the marts of project `bench` with a made-up year, inside the database. */
export async function fillMarts(warehouse: Warehouse): Promise<void> {
  for (const statement of statements)
    await warehouse.command(statement, {}, { settings: { max_partitions_per_insert_block: 1000 } });
}
