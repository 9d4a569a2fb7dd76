import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientHintsOf } from '../../../collector/collect/client-hints.ts';
import { pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';

const usual = {
  'sec-ch-ua': '"Chromium";v="147", "YaBrowser";v="26.4", "Not.A/Brand";v="8"',
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Windows"',
};
const kept = { '': usual['sec-ch-ua'], mobile: '?0', platform: '"Windows"' };

describe('the client hints of a browser', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await startCollector();
  });
  afterAll(() => collector.remove());

  const send = (number: number, headers: Record<string, string>, more: object = {}): Promise<Response> =>
    fetch(`${collector.url}/collect`, {
      method: 'POST',
      body: JSON.stringify({ site: 'demo', visitor: uuid(900), events: [pageview(number)], ...more }),
      headers,
    });

  test('are kept with its events and with the pixel; who sends none has an empty column; who refused keeps none', async () => {
    await send(1, usual);
    await send(2, {});
    await send(3, usual, { consent: 'denied' });
    await fetch(`${collector.url}/collect.gif?site=demo&id=${uuid(4)}`, { headers: usual });
    const rows = await collector.rows('events');
    const hints = rows.map(({ client_hints }) => client_hints && JSON.parse(String(client_hints)));
    expect(hints).toEqual([kept, undefined, undefined, kept]);
  });

  test('are asked for in full by the script, and nobody has to wait or load it again for them', async () => {
    const { headers } = await fetch(`${collector.url}/t.js`);
    expect(headers.get('accept-ch')).toBe('Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Full-Version-List');
    expect(headers.get('critical-ch')).toBeNull();
  });
});

describe('a text of client hints', () => {
  test('has every header of them that came, and no other', () => {
    const full = {
      ...usual,
      'sec-ch-ua-platform-version': '"19.0.0"',
      'sec-ch-ua-model': '""',
      'sec-ch-ua-full-version-list': '"Chromium";v="147.0.1"',
      'sec-ch-ua-arch': '"x86"',
      'sec-ch-prefers-color-scheme': 'dark',
    };
    expect(JSON.parse(clientHintsOf(full))).toEqual({
      ...kept,
      'platform-version': '"19.0.0"',
      model: '""',
      'full-version-list': '"Chromium";v="147.0.1"',
    });
  });

  test('stays JSON of at most 1 KB whatever was sent', () => {
    const long = { ...usual, 'sec-ch-ua-platform-version': '"'.repeat(700), 'sec-ch-ua-model': '"Pixel 9"' };
    const text = clientHintsOf(long);
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(JSON.parse(text)).toEqual({ ...kept, model: '"Pixel 9"' });
    expect(clientHintsOf({ 'sec-ch-ua': 'x'.repeat(5000) })).toBe('');
  });
});
