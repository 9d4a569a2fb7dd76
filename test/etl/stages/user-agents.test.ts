import { describe, expect, test } from 'vitest';
import { readClientHints } from '../../../domain/client-hints.ts';
import { readUserAgent } from '../../../etl/stages/user-agents/read-user-agent.ts';

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';
const android = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)';
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const chrome = `${windows} Chrome/140.0.0.0 Safari/537.36`;

/** Headers as Chrome sends them, by https://wicg.github.io/ua-client-hints/. */
const hints = (brand: string, headers: Readonly<Record<string, string>>): string =>
  JSON.stringify({ '': `"Chromium";v="140", "Not=A?Brand";v="24", "${brand}";v="140"`, mobile: '?0', ...headers });

/** Browsers of people, in applications too. */
const people: readonly (readonly [name: string, text: string, device: string, os: string, browser: string])[] = [
  ['Chrome on Windows', chrome, 'desktop', 'Windows', 'Chrome'],
  ['Edge', `${chrome} Edg/140.0.0.0`, 'desktop', 'Windows', 'Edge'],
  ['Yandex Browser', `${windows} Chrome/140.0.0.0 YaBrowser/25.8.0.0 Safari/537.36`, 'desktop', 'Windows', 'Yandex'],
  ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0', 'desktop', 'Linux', 'Firefox'],
  ['Chrome on Android', `${android} Chrome/140.0.0.0 Mobile Safari/537.36`, 'mobile', 'Android', 'Chrome'],
  ['Safari on iPhone', `${iphone} Version/17.5 Mobile/15E148 Safari/604.1`, 'mobile', 'iOS', 'Mobile Safari'],
  [
    'Instagram on iPhone',
    `${iphone} Mobile/15E148 Instagram 340.0.0.0 (iPhone14,5; iOS 17_5; ru_RU)`,
    'mobile',
    'iOS',
    'Instagram',
  ],
  [
    'Facebook on iPhone',
    `${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/470.0;FBBV/1;FBDV/iPhone14,5]`,
    'mobile',
    'iOS',
    'Facebook',
  ],
  [
    'VK on Android',
    'Mozilla/5.0 (Linux; Android 13; 2201117TY Build/TKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 VKAndroidApp/8.100',
    'mobile',
    'Android',
    'Chrome WebView',
  ],
  [
    'the search application of Yandex',
    'Mozilla/5.0 (Linux; arm_64; Android 13; SM-A525F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaApp_Android/25.81 YaSearchBrowser/25.81 BroPP/1.0 Mobile Safari/537.36',
    'mobile',
    'Android',
    'Yandex',
  ],
];

for (const [name, text, device, os, browser] of people) {
  test(`${name} is read and is no robot`, () => {
    expect(readUserAgent(text)).toMatchObject({ device, os, browser, is_bot: false, bot_reason: '' });
  });
}

const robots: readonly (readonly [text: string, reason: string])[] = [
  ['Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)', 'user_agent'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'user_agent'],
  [
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
    'user_agent',
  ],
  ['Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)', 'user_agent'],
  ['TelegramBot (like TwitterBot)', 'user_agent'],
  ['curl/8.5.0', 'user_agent'],
  ['python-requests/2.32.0', 'user_agent'],
  [`${windows} HeadlessChrome/140.0.0.0 Safari/537.36`, 'headless'],
  [
    'Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1',
    'headless',
  ],
];

for (const [text, reason] of robots) {
  test(`"${text.slice(0, 70)}" is a robot by ${reason}`, () => {
    expect(readUserAgent(text)).toMatchObject({ is_bot: true, bot_reason: reason });
  });
}

test('history without a User-Agent is nobody known and no robot', () => {
  expect(readUserAgent('')).toEqual({
    device: 'other',
    device_model: '',
    os: '',
    os_version: '',
    browser: '',
    is_bot: false,
    bot_reason: '',
  });
});

describe('client hints', () => {
  test('tell Windows 11 from Windows 10, which call themselves alike', () => {
    const of = (version: string) =>
      readUserAgent(chrome, hints('Google Chrome', { platform: '"Windows"', 'platform-version': `"${version}"` }));
    expect(of('15.0.0')).toMatchObject({ os: 'Windows', os_version: '11', browser: 'Chrome', device: 'desktop' });
    expect(of('10.0.0')).toMatchObject({ os: 'Windows', os_version: '10' });
    expect(of('0.3.0')).toMatchObject({ os: 'Windows', os_version: '10' });
  });

  test('tell the version and the model that an Android browser hides', () => {
    const text = `${android} Chrome/140.0.0.0 Mobile Safari/537.36`;
    const given = hints('Google Chrome', {
      mobile: '?1',
      platform: '"Android"',
      'platform-version': '"14.0.0"',
      model: '"SM-S918B"',
    });
    expect(readUserAgent(text, given)).toMatchObject({
      device: 'mobile',
      device_model: 'SM-S918B',
      os: 'Android',
      os_version: '14.0.0',
    });
    expect(readUserAgent(text).device_model).toBe('');
  });

  test('tell a tablet that calls itself by the letter K', () => {
    const text = `${android} Chrome/140.0.0.0 Safari/537.36`;
    expect(readUserAgent(text, hints('Google Chrome', { platform: '"Android"' })).device).toBe('tablet');
  });

  test('name the browser that hides behind Chrome', () => {
    const browserOf = (brand: string) => readUserAgent(chrome, hints(brand, { platform: '"Windows"' })).browser;
    expect(['Brave', 'YaBrowser', 'Microsoft Edge', 'Google Chrome'].map(browserOf)).toEqual([
      'Brave',
      'Yandex',
      'Edge',
      'Chrome',
    ]);
  });

  test('keep the names that systems have without them', () => {
    const mac =
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
    const given = hints('Google Chrome', { platform: '"macOS"', 'platform-version': '"15.6.0"' });
    expect(readUserAgent(mac, given)).toMatchObject({ os: readUserAgent(mac).os, os_version: '15.6.0' });
  });

  test('give away a browser that a program drives', () => {
    expect(readUserAgent(chrome, hints('HeadlessChrome', {}))).toMatchObject({ is_bot: true, bot_reason: 'headless' });
  });

  test('that cannot be read say nothing', () => {
    for (const text of ['', '{', '[]', '{"platform":7}', '{"platform":"Windows"}', '{"":"x"}', '{"__proto__":"?1"}'])
      expect(readUserAgent(chrome, text)).toEqual(readUserAgent(chrome));
    expect(readClientHints('{"model":"\\"A \\\\\\"B\\\\\\"\\""}').model).toBe('A "B"');
  });
});
