import { domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { classify, type LandingMarks } from '../../../domain/channel/classify.ts';
import { landingReader } from '../../../domain/channel/landing-marks.ts';
import { landingRules } from '../../../domain/channel/landing-rules.ts';
import { uuid } from './raw.ts';
import { useShops } from './shop.ts';

const domains = { ownDomains: ['shop.example', 'www.Магазин.рф'], paymentReturnDomains: ['pay.example'] };
const read = landingReader(landingRules(domains.ownDomains, domains.paymentReturnDomains));
const openShop = useShops();

const joined = (...parts: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...parts), { maxLength: 4 }).map((list) => list.join(''));
const value = fc.oneof(
  fc.constantFrom('yandex', 'cpc', '1', '', 'email', 'Telegram', '{source}', '%7Bsource%7D', '__SOURCE__'),
  joined(
    'a',
    'B',
    '7',
    '+',
    ' ',
    '%20',
    '%',
    '%2',
    '%zz',
    '%25',
    '%D0%B7',
    '%25D0%25B7',
    '%E7',
    'лето',
    '🙂',
    '=',
    '"',
    '\\',
    '_',
    '\t',
    '%0A',
    '%3D',
  ),
);
const name = fc.constantFrom(
  'utm_source',
  'UTM_Source',
  'utm_medium',
  'utm_campaign',
  'yclid',
  'GCLID',
  'fbclid',
  'x',
  '',
  ' ',
  'utm_sourc%65',
);
const pair = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(name, value).map(([key, said]) => `${key}=${said}`) },
  { weight: 1, arbitrary: fc.constantFrom('x', '', '=', '#', '?', '!/route') },
);
const query = fc
  .array(fc.tuple(fc.constantFrom('?', '#', '&', '&amp;', '&&', '#!/a?'), pair), { maxLength: 6 })
  .map((parts) => parts.flat().join(''));
const page = fc.constantFrom(
  'https://shop.example/',
  'https://www.shop.example:8443/a',
  'http://second.example',
  'not an address',
  '',
  'https://xn--80aairftm.xn--p1ai/',
);
const host = fc.constantFrom(
  'yandex.ru',
  'www.google.com',
  'shop.example',
  'm.shop.example',
  'myshop.example',
  'магазин.рф',
  'xn--80aairftm.xn--p1ai',
  'yookassa.ru',
  'secure.pay.example',
  'acs3.bank.example',
  'Partner.RU',
  'partner.ru.',
  'second.example',
  'localhost',
  'a_b.ru',
  '10.0.0.7',
  '',
);
const referrer = fc
  .tuple(
    fc.constantFrom('https://', 'http://', 'HTTPS://', '//', 'android-app://', 'about:', ''),
    fc.constantFrom('', '', '', 'user:pass@', 'user@'),
    host,
    fc.constantFrom('', ':8443'),
    fc.constantFrom('', '/', '/maps', '/maps/213/?a=b', '/aclk?sa=L', '?utm_source=x', '#/maps', '//maps', '/a@b.ru/'),
  )
  .map((parts) => parts.join(''));
const landings = fc.sample(fc.record({ url: fc.tuple(page, query).map((parts) => parts.join('')), referrer }), {
  seed: 20260301,
  numRuns: 3000,
});

/** What of a landing decides its source. */
interface Read extends LandingMarks {
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
  /** It tells where somebody comes from. */
  readonly brings: boolean;
}

const byStages = new Map<string, Read>();
const nothing: LandingMarks = { utm_source: '', utm_medium: '', utm_campaign: '', referrer_host: '', click_id: '' };

function readHere({ url, referrer }: { url: string; referrer: string }): Read {
  const found = read(url, referrer);
  const marks = found ?? nothing;
  const { source, medium, channel } = classify(marks);
  const referrer_host = domainToUnicode(marks.referrer_host) || marks.referrer_host;
  // Of somebody who refused nobody knows whether a visit goes on, so marks after paying do not count him as come from there.
  const brings = read(url.replace(/[?#].*/, ''), referrer) !== undefined;
  return { ...marks, referrer_host, source, medium, channel, brings };
}

beforeAll(async () => {
  const shop = openShop(domains);
  const at = '2026-03-01 10:00:00.000';
  await shop.events(
    ...landings.map((landing, index) => ({ ...landing, who: `known ${index}`, at })),
    // A page view of somebody who refused says whether it brought a source at all.
    ...landings.map((landing, index) => ({
      ...landing,
      who: `refused ${index}`,
      id: `refused ${index}`,
      at,
      more: { consent: 'denied' },
    })),
  );
  await shop.settle();
  const visits = await shop.mart<LandingMarks & Read & { visitor_id: string }>(
    'visits',
    'visitor_id, utm_source_raw AS utm_source, utm_medium_raw AS utm_medium, utm_campaign_raw AS utm_campaign, referrer_host, click_id_name AS click_id, source, medium, channel',
  );
  const hits = await shop.mart<{ event_id: string; channel: string }>('anonymous_hits', 'event_id, channel');
  const channelOf = new Map(hits.map(({ event_id, channel }) => [event_id, channel]));
  const visitOf = new Map(visits.map(({ visitor_id, ...visit }) => [visitor_id, visit]));
  for (const index of landings.keys()) {
    const visit = visitOf.get(uuid(`known ${index}`));
    if (visit !== undefined)
      byStages.set(String(index), { ...visit, brings: channelOf.get(uuid(`refused ${index}`)) !== '' });
  }
});

test('what the collector reads of a page and of the page before it is what the stages read', () => {
  const stages = landings.map((landing, index) => ({ ...landing, ...byStages.get(String(index)) }));
  const here = landings.map((landing) => ({ ...landing, ...readHere(landing) }));
  expect(stages).toEqual(here);
  for (const has of [
    ({ brings }: Read) => !brings,
    ({ utm_source }: Read) => utm_source !== '',
    ({ click_id }: Read) => click_id !== '',
    ({ referrer_host }: Read) => referrer_host !== '',
  ])
    expect(here.filter(has).length).toBeGreaterThan(300);
});
