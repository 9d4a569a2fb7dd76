import { afterEach, expect, test } from 'vitest';
import { pageview, startCollector, type TestCollector, uuid } from '../support/test-collector.ts';
import { dynamicPool, numbersOf, settingsOf, shopNumber, staticPool } from './tracking.ts';

const [leased = ''] = numbersOf(1);
const ofYandex = staticPool('74990000001', { replace: ['78005553535'], sources: ['yandex'] });
let collector: TestCollector;

afterEach(() => collector.remove());

async function collect(envelope: object, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const answer = await fetch(`${collector.url}/collect`, {
    method: 'POST',
    headers: { 'User-Agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0', ...headers },
    body: JSON.stringify({ site: 'demo', ...envelope }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

const landing = pageview(1, { url: 'https://shop.example/?utm_source=yandex&utm_medium=cpc', visit: uuid(90) });
const numbers = [shopNumber, '78005553535', '74957777777'];

test('a batch that asks for numbers gets those that are replaced, and the lease is a row that leads to the visit', async () => {
  collector = await startCollector({ callTracking: settingsOf(dynamicPool(2), ofYandex) });
  const answer = await collect({ numbers, visitor: uuid(80), events: [landing] });
  expect(answer).toMatchObject({ visitor: uuid(80), visit: uuid(90), visit_code: expect.any(String) });
  expect(answer['numbers']).toEqual({ [shopNumber]: leased, '78005553535': '74990000001' });
  const later = pageview(2, { referrer: 'https://shop.example/', visit: uuid(90) });
  const again = await collect({ numbers, visitor: uuid(80), events: [later] });
  expect(again['numbers']).toEqual(answer['numbers']);
  expect(await collector.rows('leases')).toMatchObject([
    { project: 'shop', pool: 'main', number: leased, visit_id: uuid(90), visitor_id: uuid(80) },
  ]);
});

test('a number is found behind many others of the page, and of those that are replaced ten are', async () => {
  const others = Array.from({ length: 400 }, (_, number) => String(74_950_100_000 + number));
  const ours = Array.from({ length: 12 }, (_, number) => String(74_950_200_000 + number));
  collector = await startCollector({ callTracking: settingsOf(staticPool('74990000001', { replace: ours })) });
  const asked = { numbers: [...others, ...ours], visitor: uuid(80), events: [landing] };
  const { numbers: shown } = await collect(asked);
  expect(shown).toEqual(Object.fromEntries(ours.slice(0, 10).map((number) => [number, '74990000001'])));
  const tooMany = [...others, ...others, ...ours];
  expect(await collect({ ...asked, numbers: tooMany })).not.toHaveProperty('numbers');
});

test('who refused sees static numbers only, and nothing is leased to a robot', async () => {
  collector = await startCollector({ callTracking: settingsOf(dynamicPool(2), ofYandex) });
  const refused = await collect({ numbers, consent: 'denied', events: [landing] });
  expect(refused).toEqual({ visitor: null, visit: null, visit_code: null, numbers: { '78005553535': '74990000001' } });
  const robot = await collect({ numbers, events: [landing] }, { 'User-Agent': 'Googlebot/2.1' });
  expect(robot['numbers']).toEqual({ '78005553535': '74990000001' });
  const driven = await collect({ numbers, events: [landing] }, { 'Sec-CH-UA': '"HeadlessChrome";v="141"' });
  expect(driven['numbers']).toEqual({ '78005553535': '74990000001' });
  expect(await collector.rows('leases')).toEqual([]);
});

test('the source of a visit is that of its first page, though a later page or batch asks', async () => {
  collector = await startCollector({ callTracking: settingsOf(ofYandex) });
  const search = { referrer: 'https://yandex.ru/search/' };
  await collect({ visitor: uuid(80), events: [pageview(1, { ...search, visit: uuid(91) })] });
  const next = pageview(2, { referrer: 'https://shop.example/', visit: uuid(91) });
  expect(await collect({ numbers, events: [next] })).toMatchObject({ numbers: { '78005553535': '74990000001' } });
  const unknown = pageview(3, { type: 'engagement', visit: uuid(92) });
  expect(await collect({ numbers, events: [unknown] })).not.toHaveProperty('numbers');
  const tagged = pageview(4, { type: 'engagement', visit: uuid(93), url: landing['url'] });
  expect(await collect({ numbers, events: [tagged] })).toHaveProperty('numbers');
});

test('a browser without a cookie gets a number as any other', async () => {
  collector = await startCollector({ callTracking: settingsOf(dynamicPool(2)) });
  const answer = await collect({ numbers, cookieless: true, events: [landing] });
  expect(answer).toMatchObject({ visitor: null, numbers: { [shopNumber]: leased } });
  const [lease] = await collector.rows('leases');
  const [event] = await collector.rows('events');
  expect(lease).toMatchObject({ visit_id: answer['visit'], visitor_id: event?.['visitor_id'] });
});

test('marks behind # tell the source as those behind ? do', async () => {
  collector = await startCollector({ callTracking: settingsOf(ofYandex) });
  const tagged = pageview(1, { url: 'https://shop.example/#utm_source=yandex&utm_medium=cpc', visit: uuid(94) });
  expect(await collect({ numbers, events: [tagged] })).toMatchObject({ numbers: { '78005553535': '74990000001' } });
});

test('one address cannot take all numbers of a pool, whoever it says it is', async () => {
  collector = await startCollector({ callTracking: settingsOf(dynamicPool(3)), proxies: 1 });
  const from = async (address: string, visit: number): Promise<unknown> => {
    const events = [pageview(visit, { visit: uuid(visit) })];
    const answer = await collect({ numbers, visitor: uuid(visit + 50), events }, { 'X-Forwarded-For': address });
    return answer['numbers'];
  };
  expect([await from('192.0.2.1', 1), await from('192.0.2.1', 2)]).not.toContain(undefined);
  expect(await from('192.0.2.1', 3)).toBeUndefined();
  expect(await from('192.0.2.2', 4)).toBeDefined();
});

test('the answer says nothing of numbers when none is replaced, nobody asked, or what was asked is no list of numbers', async () => {
  collector = await startCollector({ callTracking: settingsOf(dynamicPool(1)) });
  for (const asked of [undefined, [], ['74957777777'], 'x', [null, {}, '+7', '1'.repeat(20)], { '0': shopNumber }]) {
    expect(await collect({ numbers: asked, visitor: uuid(80), events: [landing] })).not.toHaveProperty('numbers');
  }
  expect(await collector.rows('leases')).toEqual([]);
});

test('without pools nothing is replaced', async () => {
  collector = await startCollector();
  expect(await collect({ numbers, events: [landing] })).not.toHaveProperty('numbers');
});
