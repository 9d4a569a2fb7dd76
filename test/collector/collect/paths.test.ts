import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withUsualPaths } from '../../../collector/create-collector.ts';
import { pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';

const paths = withUsualPaths({ script: ['/a/app.js', '/b.txt'], collect: ['/a/in'], pixel: ['/a/dot.gif'] });
let collector: TestCollector;
beforeAll(async () => {
  collector = await startCollector({ paths });
});
afterAll(() => collector.remove());

const send = (path: string, number: number): Promise<Response> =>
  fetch(collector.url + path, {
    method: 'POST',
    body: JSON.stringify({ site: 'demo', visitor: uuid(900), events: [pageview(number)] }),
    headers: { Origin: 'https://shop.example' },
  });

describe('a shop with paths of its own', () => {
  test('gets the script at each of them and at the usual one', async () => {
    for (const path of ['/t.js', '/a/app.js', '/b.txt']) {
      const answer = await fetch(collector.url + path);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        200,
        'text/javascript; charset=utf-8',
      ]);
    }
  });

  test('gets the second script beside each of them', async () => {
    for (const path of ['/t-more.js', '/a/app-more.js', '/b.txt-more.js']) {
      const answer = await fetch(collector.url + path);
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  test('may send to each of them, beside each of its scripts and to the usual one', async () => {
    const statuses = [];
    for (const [number, path] of ['/collect', '/a/in', '/a/app', '/a/app?x=1'].entries())
      statuses.push((await send(path, number)).status);
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(await collector.rows('events')).toHaveLength(4);
  });

  test('may let pages of its origins read the answer there', async () => {
    const headers = { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' };
    const preflight = await fetch(`${collector.url}/a/app`, { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
  });

  test('gets the image at each of them', async () => {
    for (const path of ['/collect.gif', '/a/dot.gif']) {
      const answer = await fetch(`${collector.url}${path}?site=demo`);
      expect([path, answer.headers.get('content-type')]).toEqual([path, 'image/gif']);
    }
  });

  test('takes nothing at other paths', async () => {
    for (const path of ['/b', '/a/app/', '/A/app', '/a/appx']) expect((await send(path, 9)).status).toBe(404);
  });
});
