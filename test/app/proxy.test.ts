import { randomUUID } from 'node:crypto';
import iconv from 'iconv-lite';
import { afterEach, describe, expect, test } from 'vitest';
import { collect, pageviews } from './support/ask.ts';
import { adminToken, plainConfig } from './support/product.ts';
import { type ServedHere, serveHere } from './support/serve-here.ts';
import { waitFor } from './support/wait-for.ts';

let product: ServedHere;
afterEach(() => product.stop());

const exchange = 'sources: [{ id: onec, type: 1c-exchange, login: shop, password: "Секрет№1" }]\n';

const start = async (trustProxy: string, host = '127.0.0.1'): Promise<void> => {
  product = await serveHere({
    config: `${plainConfig}${exchange}${trustProxy}\n`,
    host,
    roles: ['collector', 'reports'],
  });
};

/** The address that is stored of an event sent with these headers. */
async function storedIp(headers: Record<string, string>): Promise<string | undefined> {
  const visitor = randomUUID();
  const answer = await collect(product.url, pageviews(visitor, [randomUUID()]), headers);
  expect(answer.status).toBe(200);
  const ips = () =>
    product.warehouse.query<{ ip: string }>('SELECT ip FROM raw_events WHERE visitor_id = {visitor:UUID}', { visitor });
  await waitFor('the event', async () => (await ips()).length > 0);
  return (await ips())[0]?.ip;
}

const cookies = async (headers: Record<string, string>): Promise<Record<string, string>> => {
  const basic = `Basic ${Buffer.from('shop:Секрет№1').toString('base64')}`;
  const [visitor, session, exchanged] = await Promise.all([
    collect(product.url, pageviews(randomUUID(), [randomUUID()]), headers),
    fetch(`${product.url}/api/v1/session`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ token: adminToken }),
    }),
    fetch(`${product.url}/exchange/1c?type=sale&mode=checkauth`, { headers: { ...headers, authorization: basic } }),
  ]);
  const set = (answer: Response | undefined) => answer?.headers.get('set-cookie') ?? '';
  return { visitor: set(visitor), session: set(session), exchange: set(exchanged) };
};

describe('without trust_proxy', () => {
  test('a client can neither forge its address nor make a cookie Secure', async () => {
    await start('');
    expect(await storedIp({ 'x-forwarded-for': '203.0.113.77', forwarded: 'for=203.0.113.77' })).toBe('127.0.0.0');
    for (const cookie of Object.values(await cookies({ 'x-forwarded-proto': 'https' }))) {
      expect(cookie).toMatch(/HttpOnly/);
      expect(cookie).not.toMatch(/Secure/);
    }
  });

  test('over IPv6 the peer is stored cut', async () => {
    await start('trust_proxy: false', '::1');
    expect(await storedIp({ 'x-forwarded-for': '2001:db8:aa::1' })).toBe('0:0:0::');
  });
});

describe('with trust_proxy', () => {
  test('true, the address is what the own proxy added, cut, and cookies are Secure when the browser came by https', async () => {
    await start('trust_proxy: true');
    const stored = [
      await storedIp({ 'x-forwarded-for': '203.0.113.77' }),
      await storedIp({ 'x-forwarded-for': '6.6.6.6, 203.0.113.77' }),
      await storedIp({ 'x-forwarded-for': '6.6.6.6, [2001:db8:aa:bb::5]:4711' }),
      await storedIp({ 'x-forwarded-for': '203.0.113.77, unknown' }),
    ];
    expect(stored).toEqual(['203.0.113.0', '203.0.113.0', '2001:db8:aa::', '127.0.0.0']);
    for (const [proto, isSecure] of [
      ['https', true],
      ['https, http', true],
      ['http', false],
    ] as const) {
      for (const [name, cookie] of Object.entries(await cookies({ 'x-forwarded-proto': proto }))) {
        expect([proto, name, /; ?Secure(;|$)/.test(cookie)]).toEqual([proto, name, isSecure]);
      }
    }
  });

  test('a number, the address is what the outermost of so many proxies added', async () => {
    await start('trust_proxy: 2');
    expect(await storedIp({ 'x-forwarded-for': '6.6.6.6, 203.0.113.77, 192.0.2.9' })).toBe('203.0.113.0');
    expect(await storedIp({ 'x-forwarded-for': '6.6.6.6, 2001:db8:aa:bb::5, 192.0.2.9' })).toBe('2001:db8:aa::');
  });
});

test('1C may send its Cyrillic password in UTF-8 and in windows-1251', async () => {
  await start('');
  const checkauth = async (password: string, encoding: string): Promise<string> => {
    const authorization = `Basic ${iconv.encode(`shop:${password}`, encoding).toString('base64')}`;
    return (await fetch(`${product.url}/exchange/1c?type=sale&mode=checkauth`, { headers: { authorization } })).text();
  };
  for (const encoding of ['utf8', 'windows-1251']) {
    expect(await checkauth('Секрет№1', encoding)).toMatch(/^success\n/);
    expect(await checkauth('Секрет№2', encoding)).toMatch(/^failure\n/);
  }
});
