import { beforeAll, describe, expect, test } from 'vitest';
import { chrome, type EventSketch, uuid } from './raw.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();
const dayMs = 86_400_000;
const start = Date.parse('2026-03-01T09:00:00Z');
const at = (ms: number): string => new Date(start + ms).toISOString().replace('T', ' ').replace('Z', '');

/** Page views of one browser after these pauses. */
function seen(who: string, pausesMs: readonly number[], change: (number: number) => Partial<EventSketch> = () => ({})) {
  let ms = 0;
  return [0, ...pausesMs].map((pause, number) => {
    ms += pause;
    return { who, at: at(ms), id: `${who} ${number}`, ...change(number) };
  });
}

const evenly = (pauseMs: number, times: number): number[] => Array.from({ length: times }, () => pauseMs);
const hour = 3_600_000;
const engaged = { type: 'engagement', more: { props: '{"engaged_ms":4000}' } };

/** A browser, what it sends, and the reason that its visits get. */
const browsers: readonly (readonly [who: string, events: readonly EventSketch[], reason: string])[] = [
  ['one page every hour for a day', seen('hourly', evenly(hour, 24)), 'behaviour'],
  ['one page every ten seconds', seen('every ten seconds', evenly(10_000, 40)), 'behaviour'],
  [
    'one page every hour, a second early or late',
    seen(
      'jitter',
      evenly(hour, 24).map((ms, n) => ms + (n % 3) * 500),
    ),
    'behaviour',
  ],
  ['nineteen pages at an even pace', seen('nineteen', evenly(hour, 18)), ''],
  [
    'an even pace over different pages',
    seen('reader', evenly(60_000, 30), (n) => ({ url: `https://shop.example/${n}` })),
    '',
  ],
  ['an even pace with engagement once', seen('engaged', evenly(hour, 24), (n) => (n === 7 ? engaged : {})), ''],
  ['an even pace with one form', seen('asks', evenly(hour, 24), (n) => (n === 24 ? { type: 'form_submit' } : {})), ''],
  [
    'an even pace over two networks',
    seen('moves', evenly(hour, 24), (n) => ({ more: { ip: n < 9 ? '10.0.0.0' : '10.0.1.0' } })),
    '',
  ],
  [
    'the same page every morning, some minutes early or late',
    seen(
      'mornings',
      evenly(dayMs, 40).map((ms, n) => ms + ((n * 7) % 11) * 240_000 - 1_200_000),
    ),
    '',
  ],
  ['a page loaded again impatiently', seen('impatient', evenly(1000, 30)), ''],
  ['history without a User-Agent', seen('history', evenly(hour, 24), () => ({ more: { user_agent: '' } })), ''],
  ['a robot by its name', seen('named', [], () => ({ more: { user_agent: 'Googlebot/2.1' } })), 'user_agent'],
  [
    'a browser driven by a program',
    seen('driven', [], () => ({ more: { user_agent: chrome.replace('Chrome/', 'HeadlessChrome/') } })),
    'headless',
  ],
];

describe('robots', () => {
  let shop: Shop;
  const reasonsOf = (who: string): Promise<{ bot_reason: string; is_bot: boolean; dropped: string }[]> =>
    shop.warehouse.query(
      `SELECT DISTINCT v.bot_reason AS bot_reason, v.is_bot AS is_bot, t.dropped AS dropped FROM (SELECT * FROM visits FINAL) AS v
       INNER JOIN (SELECT * FROM touches FINAL) AS t ON t.touch_id = v.visit_id AND t.project = v.project
       WHERE v.project = {project:String} AND v.visitor_id = {visitor:UUID}`,
      { project: shop.project, visitor: uuid(who) },
    );
  beforeAll(async () => {
    shop = openShop();
    await shop.events(...browsers.flatMap(([, events]) => events));
    await shop.settle();
  });

  for (const [name, [first], reason] of browsers) {
    test(`${name}: ${reason === '' ? 'a person' : `a robot by ${reason}`}, in every visit`, async () => {
      const isBot = reason !== '';
      expect(await reasonsOf(first?.who ?? '')).toEqual([
        { bot_reason: reason, is_bot: isBot, dropped: isBot ? 'bot' : '' },
      ]);
    });
  }

  test('a browser that does something at last is a person from the beginning, and a rebuild says the same', async () => {
    expect(await reasonsOf('every ten seconds')).toMatchObject([{ bot_reason: 'behaviour' }]);
    await shop.events({ who: 'every ten seconds', at: at(dayMs), type: 'form_submit' });
    await shop.settle();
    expect(await reasonsOf('every ten seconds')).toMatchObject([{ bot_reason: '' }]);
    const before = await shop.mart('visits');
    await shop.rebuild();
    expect(await shop.mart('visits')).toEqual(before);
  });

  test('the model and version that a browser tells in its second event are of its visit', async () => {
    const hints = (more: object) => ({ client_hints: JSON.stringify({ platform: '"Windows"', ...more }) });
    await shop.events(
      { who: 'hinted', at: at(0), more: hints({}) },
      { who: 'hinted', at: at(1000), id: 'hinted again', more: hints({ 'platform-version': '"15.0.0"' }) },
    );
    await shop.settle();
    const [visit] = await shop.warehouse.query(
      'SELECT os, os_version, pageviews FROM visits FINAL WHERE project = {project:String} AND visitor_id = {visitor:UUID}',
      { project: shop.project, visitor: uuid('hinted') },
    );
    expect(visit).toEqual({ os: 'Windows', os_version: '11', pageviews: 2 });
  });
});
