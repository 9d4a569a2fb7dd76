import { readFile, writeFile } from 'node:fs/promises';
import { env } from 'node:process';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../../app/config/load-config.ts';
import { configJsonSchema } from '../../app/config/schema.ts';
import { intakeOf } from '../../app/runtime/intake.ts';
import { createSites } from '../../collector/collect/sites.ts';

const schemaUrl = new URL('../../docs/config.schema.json', import.meta.url);
const exampleUrl = new URL('../../docs/example.config.yaml', import.meta.url);

const secrets = {
  BITRIX24_WEBHOOK_URL: 'https://portal.example/rest/1/key/',
  DIRECT_TOKEN: 'y0_token',
  ONEC_BASE_URL: 'https://1c.example/ut',
  ONEC_LOGIN: 'reader',
  ONEC_PASSWORD: 'password',
  EXCHANGE_LOGIN: 'site',
  EXCHANGE_PASSWORD: 'password',
};

describe('the example of the configuration file', () => {
  test('loads with the secrets in the environment and shows every type of source', async () => {
    const config = parseConfig(await readFile(exampleUrl, 'utf8'), 'example.config.yaml', secrets);
    expect(config).toMatchObject({ project: 'shop', money_source: 'payments', sites: [{ key: 'demo' }] });
    expect(config.sources.map(({ type }) => type)).toEqual(['bitrix24', 'yandex-direct', '1c-odata', '1c-exchange']);
    expect(config.sources[0]?.settings).toMatchObject({ url: secrets.BITRIX24_WEBHOOK_URL });
  });
});

describe('revenue comes from', () => {
  const crm = { id: 'b24', type: 'bitrix24', url: 'https://portal.example/rest/1/key/' };
  const onec = { id: '1c', type: '1c-exchange', login: 'site', password: 'password' };
  test.each([
    ['payments when nothing is connected and records are sent', [], {}, 'payments'],
    ['deals when a CRM is connected alone', [crm], {}, 'deals'],
    ['payments when an accounting system is connected too', [crm, onec], {}, 'payments'],
    ['payments when the file says so', [crm], { money_source: 'payments' }, 'payments'],
    ['deals when the file says so', [crm, onec], { money_source: 'deals' }, 'deals'],
  ])('%s', (_when, sources, more, expected) => {
    expect(parseConfig(JSON.stringify({ sources, ...more }), 'file', {}).money_source).toBe(expected);
  });
});

describe('sites are kept as browsers spell them', () => {
  const siteOf = (site: object) =>
    parseConfig(JSON.stringify({ sites: [{ key: 'demo', domains: ['shop.example'], ...site }] }), 'file', {}).sites[0];

  test.each([
    ['https://shop.example/', 'https://shop.example'],
    ['HTTPS://WWW.Shop.example', 'https://www.shop.example'],
    ['https://stats.shop.example:443', 'https://stats.shop.example'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://магазин.рф', 'https://xn--80aairftm.xn--p1ai'],
  ])('the origin %s', (written, origin) => {
    expect(siteOf({ origins: [written] })?.origins).toEqual([origin]);
  });

  test('a domain in Cyrillic is the one of its pages', () => {
    const site = siteOf({ domains: ['Магазин.рф'] });
    const sites = createSites(site ? [site] : []);
    expect(site && sites.allows(site, new URL('https://www.магазин.рф').origin)).toBe(true);
  });

  test.each([
    'https://shop.example/shop',
    'https://shop.example/?a=1',
    'https://shop.example/#a',
    'https://user@shop.example',
    'ftp://shop.example',
    'shop.example',
    'shop.example:443',
  ])('%s is refused as an origin', (written) => {
    expect(() => siteOf({ origins: [written] })).toThrow(
      'sites.0.origins.0: expected an origin such as https://shop.example, without a path',
    );
  });
});

describe('how events are taken', () => {
  const collectorOf = (text: string) => parseConfig(`collector: ${text}`, 'throughline.config.yaml', {}).collector;

  test('paths are texts or lists of them, and none by itself', () => {
    expect(collectorOf('{ workers: 2 }').paths).toEqual({ script: [], collect: [], pixel: [] });
    expect(collectorOf('{ paths: { script: /a/app.js, pixel: [/a/1.gif, /b.gif] } }').paths).toEqual({
      script: ['/a/app.js'],
      collect: [],
      pixel: ['/a/1.gif', '/b.gif'],
    });
  });

  test.each([
    ['{ paths: { script: a.js } }', 'collector.paths.script: expected a path such as /a/app.js'],
    ['{ paths: { script: "/a.js?x=1" } }', 'collector.paths.script: expected a path such as /a/app.js'],
    ['{ paths: { collect: [/a, /../b] } }', 'collector.paths.collect'],
    ['{ paths: { collect: /api/v1/report } }', 'the product answers at /api/v1/report itself; choose another path'],
    ['{ paths: { script: /a.js, pixel: /a } }', 'collector.paths: /a cannot be two things at once'],
    ['{ paths: { script: /a/app.js, collect: /a/app-more.js } }', '/a/app-more.js cannot be two things at once'],
    ['{ paths: { script: [/a/app.js, /a/app-more.js] } }', '/a/app-more.js cannot be two things at once'],
    ['{ paths: { script: /t-more.js } }', '/t-more.js cannot be two things at once'],
    ['{ paths: { pixel: /t-more.js } }', '/t-more.js cannot be two things at once'],
    ['{ paths: { script: /a, collect: /a } }', 'collector.paths: /a cannot be two things at once'],
    ['{ paths: { script: [/a.js, /a] } }', 'collector.paths: /a cannot be two things at once'],
    ['{ paths: { script: /a, pixel: /a } }', 'collector.paths: /a cannot be two things at once'],
    ['{ paths: { script: 5 } }', 'collector.paths.script: expected a path such as /a/app.js, or a list of them'],
    ['{ limits: { address: { per_second: 0 } } }', 'collector.limits.address.per_second'],
    ['{ limits: { site: { burst: 0.5 } } }', 'collector.limits.site.burst'],
    ['{ limits: { free_disk_mb: -1 } }', 'collector.limits.free_disk_mb'],
  ])('%s is refused', (text, words) => {
    expect(() => collectorOf(text)).toThrow(words);
  });

  test.each(['{ script: /a.js, collect: /a }', '{ script: [/a.js, /a.js], pixel: [/b, /b] }'])(
    'the paths %s are each one thing',
    (paths) => {
      expect(() => collectorOf(`{ paths: ${paths} }`)).not.toThrow();
    },
  );

  test.each(['"true"', 'yes', 1.5, '[1]'])('trust_proxy: %s is refused with what it may be', (written) => {
    expect(() => parseConfig(`trust_proxy: ${written}`, 'throughline.config.yaml', {})).toThrow(
      'trust_proxy: expected true, false, or how many proxies stand one behind the other, 1 to 9',
    );
  });

  test.each([
    [
      'rules: { vat_rates: [{ from: "2020-01-01", rate: x }] }',
      'rules.vat_rates.0.rate: expected a fraction such as 0.22',
    ],
    [
      'call_tracking: { pools: [{ name: a, replace: true, number: "+74950000001" }] }',
      'call_tracking.pools.0.replace: expected a text, or a list of them',
    ],
  ])('%s is refused with what it may be', (text, words) => {
    expect(() => parseConfig(text, 'throughline.config.yaml', {})).toThrow(words);
  });

  test('limits are shared by the workers', () => {
    const config = parseConfig('collector: { limits: { address: { per_second: 50 } } }', 'a.yaml', {});
    expect(intakeOf(config, 0).limits.address).toEqual({ perSecond: 50, burst: 1000 });
    expect(intakeOf(config, 2).limits).toEqual({
      address: { perSecond: 25, burst: 500 },
      site: { perSecond: 2500, burst: 25_000 },
    });
  });
});

describe('the JSON Schema of the configuration file', () => {
  const accepts = async (value: unknown): Promise<boolean> => {
    const schema = z.fromJSONSchema(JSON.parse(await readFile(schemaUrl, 'utf8')));
    return schema.safeParse(value).success;
  };
  const example = async (): Promise<Record<string, unknown>> => {
    const text = (await readFile(exampleUrl, 'utf8')).replace(
      /\$\{(\w+)\}/g,
      (_, name: string) => new Map(Object.entries(secrets)).get(name) ?? '',
    );
    return parseDocument(text).toJS();
  };

  test('is what docs/config.schema.json says; UPDATE_DOCS=1 writes the file anew', async () => {
    const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
    if (env.UPDATE_DOCS === '1') await writeFile(schemaUrl, text);
    expect(await readFile(schemaUrl, 'utf8')).toBe(text);
  });

  test('accepts the example and an empty file', async () => {
    expect(await accepts(await example())).toBe(true);
    expect(await accepts({})).toBe(true);
  });

  test.each([
    ['at the top', { projec: 'shop' }],
    ['of a site', { sites: [{ key: 'demo', domains: ['shop.example'], colour: 'red' }] }],
    ['of a source', { sources: [{ id: 'd', type: 'yandex-direct', token: 't', vat: 'included', colour: 'red' }] }],
    ['of the rules', { rules: { colour: 'red' } }],
  ])('refuses an unknown key %s', async (_place, more) => {
    expect(await accepts({ ...(await example()), ...more })).toBe(false);
  });

  test.each([
    ['an unknown type of source', { id: 'a', type: 'amocrm' }],
    ['a source without its id', { type: '1c-exchange', login: 'site', password: 'password' }],
    ['a setting that is missing', { id: 'd', type: 'yandex-direct', token: 't' }],
    ['a setting of another type', { id: 'x', type: '1c-exchange', login: 'site', password: 8 }],
  ])('refuses %s', async (_fault, source) => {
    expect(await accepts({ sources: [source] })).toBe(false);
  });

  test('describes every setting', () => {
    const undescribed = fieldsOf(configJsonSchema()).filter(
      ({ field }) => !('description' in field) && !('const' in field),
    );
    expect(undescribed.map(({ path }) => path)).toEqual([]);
  });
});

interface Field {
  readonly path: string;
  readonly field: object;
}

/** Every property of a schema with its path, those of lists and of alternatives too. */
function fieldsOf(schema: unknown, path = ''): Field[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items, oneOf = [] } = schema as { properties?: object; items?: unknown; oneOf?: unknown[] };
  const own = Object.entries(properties).flatMap(([name, field]) => [
    { path: `${path}.${name}`, field },
    ...fieldsOf(field, `${path}.${name}`),
  ]);
  return [
    ...own,
    ...fieldsOf(items, `${path}[]`),
    ...oneOf.flatMap((one, index) => fieldsOf(one, `${path}[${index}]`)),
  ];
}
