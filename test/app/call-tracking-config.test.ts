import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../app/config/load-config.ts';
import { callTrackingSettings } from '../../app/runtime/call-tracking-settings.ts';
import { blocksOf } from '../docs/documents.ts';

const sites = [{ key: 'demo', domains: ['shop.example'] }];
const leased = { name: 'main', replace: '+7 495 123-45-67', numbers: ['8 (495) 000-00-01', '74950000002'] };
const everybody = { name: 'all', replace: '+7 495 123-45-67', number: '+7 499 000-00-01' };
const configOf = (call_tracking: object) => parseConfig(JSON.stringify({ sites, call_tracking }), 'file', {});

describe('the numbers of call tracking', () => {
  test('are read as people write phones', () => {
    const yandex = { name: 'yandex', replace: [74951234567, '8 800 555-35-35'], number: '+74990000001' };
    const { call_tracking } = configOf({ pools: [leased, { ...yandex, channels: 'paid search', sources: ['ya*'] }] });
    expect(call_tracking).toMatchObject({ holdMs: 30 * 60_000, minHoldMs: 5 * 60_000 });
    expect(call_tracking.pools).toMatchObject([
      { name: 'main', kind: 'dynamic', replace: ['74951234567'], numbers: ['74950000001', '74950000002'] },
      {
        name: 'yandex',
        kind: 'static',
        replace: ['74951234567', '78005553535'],
        numbers: ['74990000001'],
        channels: ['Paid Search'],
        sources: ['ya*'],
      },
    ]);
  });

  test('are none without a word of them', () => {
    expect(parseConfig('project: shop', 'file', {}).call_tracking.pools).toEqual([]);
  });

  test('are chosen by the source as reports read it', () => {
    const rules = { own_domains: ['forum.example'], channel_aliases: [{ from: 'YA_d', to: 'yandex' }] };
    const config = parseConfig(JSON.stringify({ sites, rules, call_tracking: { pools: [leased] } }), 'file', {});
    expect(callTrackingSettings(config)).toMatchObject({
      landing: { ownHosts: ['shop.example', 'forum.example'] },
      sourceAliases: { ya_d: 'yandex' },
    });
  });
});

test.each(['docs/call-tracking.md', 'docs/call-tracking.ru.md'])('the example of %s loads', (page) => {
  const [example = ''] = blocksOf(page, 'yaml');
  const { pools } = parseConfig(example, page, {}).call_tracking;
  expect(pools.map(({ name, kind }) => [name, kind])).toEqual([
    ['direct', 'dynamic'],
    ['yandex-maps', 'static'],
    ['vk', 'static'],
  ]);
});

describe('a pool behind another is right', () => {
  test.each<[string, object, object]>([
    ['when that one may run out', leased, everybody],
    ['when that one is of another source', { ...everybody, sources: 'vk' }, leased],
    ['when that one is narrower', { ...everybody, sources: 'vk', sites: 'demo' }, { ...leased, sources: 'vk' }],
    ['when that one leaves a number of its', everybody, { ...leased, replace: ['74951234567', '78005553535'] }],
    ['when patterns are not compared', { ...everybody, sources: 'v*' }, { ...leased, sources: 'vk*' }],
  ])('%s', (_when, first, second) => {
    expect(() => configOf({ pools: [first, second] })).not.toThrow();
  });
});

describe('a pool that cannot be meant so is told with its place:', () => {
  test.each<[string, object, string]>([
    [
      'no phone',
      { pools: [{ ...leased, replace: '12-34' }] },
      '"12-34" is no phone number: expected one such as "+7 495 123-45-67"',
    ],
    [
      'no phone among the numbers',
      { pools: [{ ...leased, numbers: ['+7 495 000-00-01', 'x'] }] },
      'call_tracking.pools.0.numbers.1: "x" is no phone',
    ],
    [
      'both kinds',
      { pools: [{ ...leased, number: '+7 495 000-00-09' }] },
      'expected either number, one for all such visits, or numbers',
    ],
    ['neither kind', { pools: [{ name: 'x', replace: leased.replace }] }, 'expected either number'],
    [
      'a channel that is none',
      { pools: [{ ...leased, channels: ['Paid Serch'] }] },
      'there is no channel "Paid Serch"; there are Direct,',
    ],
    [
      'a site that is none',
      { pools: [{ ...leased, sites: 'other' }] },
      'call_tracking.pools.0.sites: no site has the key "other"',
    ],
    [
      'a name twice',
      { pools: [leased, { ...leased, numbers: ['+74950000009'] }] },
      'another pool is called "main" already',
    ],
    [
      'a number in two pools',
      { pools: [leased, { ...leased, name: 'b' }] },
      'call_tracking.pools.1.numbers.0: +74950000001 stands in the pool "main" already',
    ],
    [
      'a leased number that is static too',
      { pools: [leased, { name: 'b', replace: leased.replace, number: '+74950000002' }] },
      '+74950000002 is the number of the static pool "b"',
    ],
    [
      'a leased number that pages show',
      { pools: [{ ...leased, numbers: [leased.replace] }] },
      '+74951234567 is replaced by the pool "main", so that it stands on pages for everybody',
    ],
    [
      'a number in two static pools',
      { pools: [everybody, { ...everybody, name: 'vk', sources: 'vk', replace: '+7 800 555-35-35' }] },
      'call_tracking.pools.1.number: +74990000001 is the number of the static pool "all" already: its calls could not be told apart',
    ],
    [
      'a pool behind one for everybody',
      { pools: [everybody, { ...leased, sources: 'vk' }] },
      'call_tracking.pools.1: "main" can never be used: "all", which stands before it, gives +74951234567 a number for every visit that "main" is for; put "main" before it',
    ],
    [
      'a pool behind wider ones',
      {
        pools: [
          { ...everybody, sources: ['VK', 'ok'] },
          { ...everybody, name: 'calls', number: '+74990000002', replace: '+7 800 555-35-35' },
          { ...leased, replace: ['+7 495 123-45-67', '8 800 555-35-35'], sources: 'vk', channels: 'Paid Social' },
        ],
      },
      'call_tracking.pools.2: "main" can never be used',
    ],
    ['a shorter time', { hold_minutes: 3, pools: [leased] }, 'call_tracking.min_hold_minutes: more than hold_minutes'],
  ])('%s', (_what, written, words) => {
    expect(() => configOf(written)).toThrow(words);
  });
});
