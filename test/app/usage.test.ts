import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from './support/command-line.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'throughline-usage-'));
});

afterAll(() => rm(dir, { recursive: true }));

/** A command with this configuration; none of these gets as far as the database. */
async function migrateWith(config: string, env: Readonly<Record<string, string>> = {}) {
  const file = join(dir, 'throughline.yaml');
  await writeFile(file, config);
  const finished = await runHere(['migrate', '--config', file, '--data', join(dir, 'data')], env);
  return { ...finished, stderr: finished.stderr.replaceAll(file, 'FILE') };
}

describe('help', () => {
  test('--help names every command and --version is the version of the package', async () => {
    const help = await runHere(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['up', 'demo', 'migrate', 'sync', 'import', 'report', 'rebuild', 'token', 'doctor'])
      expect(help.stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await runHere(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('every command explains itself', async () => {
    for (const name of [
      'up',
      'collector',
      'etl',
      'reports',
      'demo',
      'migrate',
      'sync',
      'import',
      'report',
      'rebuild',
      'doctor',
    ]) {
      const { code, stdout } = await runHere([name, '--help']);
      expect([name, code]).toEqual([name, 0]);
      for (const option of ['--config <file>', '--data <dir>', '--port <n>', '--version', '--help'])
        expect([name, stdout]).toEqual([name, expect.stringContaining(option)]);
    }
    expect((await runHere(['token', 'create', '--help'])).stdout).toContain('--scope <list>');
    const version = await runHere(['--version']);
    expect(await runHere(['doctor', '--version'])).toEqual(version);
    expect(await runHere(['token', 'list', '--port', '8090', '--version'])).toEqual(version);
    expect((await runHere(['--help'])).stdout).toContain('Exit codes: 0 done, 1 failed, 2 wrong usage.');
  });
});

describe('wrong usage ends with 2 and a hint', () => {
  test.each([
    [['nosuch'], "unknown command 'nosuch'"],
    [['token', 'nosuch'], "unknown command 'nosuch'"],
    [['migrate', '--nosuch'], "unknown option '--nosuch'"],
    [['--nosuch'], "unknown option '--nosuch'"],
    [['migrate', 'extra'], 'too many arguments'],
    [['import', 'costs'], "missing required argument 'file'"],
    [['report', '--from', '2026-01-01', '--to', '2026-01-02'], "required option '--metrics <list>' not specified"],
    [['report', '--metrics', 'visits', '--from', '2026-02-30', '--to', '2026-03-01'], 'expected a date'],
    [
      ['report', '--metrics', 'visits', '--from', '2026-01-01', '--to', '2026-01-02', '--format', 'xlsx'],
      'Allowed choices are table',
    ],
    [
      ['report', '--metrics', 'visits', '--from', '2026-01-01', '--to', '2026-01-02', '--limit', '0'],
      'expected a whole number above 0',
    ],
    [['demo', '--days', '10'], 'expected 21 days or more'],
    [['up', '--port', '65536'], 'expected a port from 0 to 65535'],
    [['token', 'create', '--scope', 'read,all'], '"all" is none of read, ingest, admin'],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await runHere(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('(add --help to see how it is used)');
  });

  test.each(['abc', 'x'.repeat(15), 'a token with many blanks', 'пароль-администратора'])(
    'THROUGHLINE_ADMIN_TOKEN=%s in the environment, which is not repeated',
    async (token) => {
      const { code, stderr } = await runHere(['migrate', '--data', join(dir, 'data')], {
        THROUGHLINE_ADMIN_TOKEN: token,
      });
      expect(code).toBe(2);
      expect(stderr).toContain('The environment variable THROUGHLINE_ADMIN_TOKEN is no safe token: give at least 16');
      expect(stderr).not.toContain(token);
    },
  );

  test('no command at all shows the help', async () => {
    const { code, stderr } = await runHere([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: throughline');
  });

  test.each([
    ['PORT', 'abc', 'The environment variable PORT is "abc": expected a port from 0 to 65535.'],
    ['PORT', '8090.5', 'The environment variable PORT is "8090.5": expected a port from 0 to 65535.'],
    ['LOG_LEVEL', 'loud', 'The environment variable LOG_LEVEL is "loud": expected one of'],
  ])('%s=%s in the environment', async (name, value, words) => {
    const { code, stderr } = await runHere(['up', '--data', join(dir, 'data')], { [name]: value });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('a fault of the configuration file ends with 2 and names the place', () => {
  const bitrix = 'type: bitrix24, url: "https://portal.example/rest/1/key/"';

  test.each([
    ['an unknown key', 'projec: shop', '(file): Unrecognized key: "projec"'],
    [
      'an unknown key of a site',
      'sites: [{ key: a, domains: [shop.example], colour: red }]',
      'sites.0: Unrecognized key: "colour"',
    ],
    ['a file that is no mapping', '- 1', '(file): Invalid input: expected object, received array'],
    ['broken YAML', 'sites: [\nproject: shop', 'FILE is not valid YAML'],
    [
      'a key that stands twice',
      'project: a\nproject: b',
      'FILE is not valid YAML: Map keys must be unique at line 2, column 1',
    ],
    ['a wrong time zone', 'timezone: Mars/Base', 'timezone: expected a time zone such as Europe/Moscow'],
    ['a wrong project name', 'project: My Shop', 'project: expected a short lower-case name'],
    [
      'an address for a domain',
      'sites: [{ key: a, domains: ["https://shop.example/"] }]',
      'sites.0.domains.0: expected a domain',
    ],
    [
      'two sites with one key',
      'sites: [{ key: a, domains: [a.example] }, { key: a, domains: [b.example] }]',
      'sites.1.key: the key "a" stands at 0 already',
    ],
    [
      'two sources with one id',
      `sources: [{ id: b24, ${bitrix} }, { id: b24, ${bitrix} }]`,
      'sources.1.id: the id "b24" stands at 0 already',
    ],
    [
      'one 1C connected both ways',
      'sources: [{ id: ut, type: 1c-odata, base_url: "https://1c.example/ut", login: a, password: b }, { id: site, type: 1c-exchange, login: a, password: "p4ssw0rd of 1C" }]',
      'sources.1: site and ut would bring the same orders and payments of 1C twice: keep one of them',
    ],
    [
      'a wrong schedule',
      `sources: [{ id: b24, ${bitrix}, schedule: "every day" }]`,
      'sources.0.schedule: expected a cron pattern such as "*/5 * * * *"',
    ],
    [
      'an unknown type of source',
      'sources: [{ id: crm, type: amocrm }]',
      'sources.0.type: unknown type "amocrm"; known: bitrix24, yandex-direct, 1c-odata, 1c-exchange',
    ],
    [
      'a setting that a source lacks',
      'sources: [{ id: d, type: yandex-direct, token: abc }]',
      'sources.0.vat: Invalid option: expected one of "included"|"excluded"',
    ],
    [
      'a setting that a source does not know',
      `sources: [{ id: b24, ${bitrix}, colour: red }]`,
      'sources.0: Unrecognized key: "colour"',
    ],
    ['a secret that is too short', 'secret: short', 'secret: Too small: expected string to have >=16 characters'],
    ['a wrong group of a status', 'rules: { status_groups: { F: sold } }', 'rules.status_groups.F: Invalid option'],
  ])('%s', async (_name, config, words) => {
    const { code, stdout, stderr } = await migrateWith(config);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });

  test('every environment variable that is missing is named at once', async () => {
    const config = `sources: [{ id: d, type: yandex-direct, vat: included, token: "\${DIRECT_TOKEN}" }, { id: b, type: bitrix24, url: "\${B24_URL}" }]`;
    const { code, stderr } = await migrateWith(config, { DIRECT_TOKEN_2: 'x' });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'FILE uses ${DIRECT_TOKEN}, ${B24_URL}, which the environment does not have. Set it before starting.\n',
    );
  });

  test('a secret of the environment is not repeated when it is wrong', async () => {
    const { code, stderr } = await migrateWith('sources: [{ id: b, type: bitrix24, url: "${B24_URL}" }]', {
      B24_URL: 'no-address-but-s3cret',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('sources.0.url');
    expect(stderr).not.toContain('s3cret');
  });

  test('several faults are told together', async () => {
    const { stderr } = await migrateWith('currency: roubles\ntimezone: 5');
    expect(stderr).toContain('FILE has 2 faults');
  });

  test('a file asked for by name must be there', async () => {
    for (const asked of [['--config', 'nosuch.yaml'], []]) {
      const { code, stderr } = await runHere(['migrate', ...asked], { THROUGHLINE_CONFIG: 'nosuch.yaml' });
      expect([code, stderr]).toEqual([2, 'There is no file nosuch.yaml. Give its path with --config.\n']);
    }
  });
});

describe('what cannot be opened is told in a sentence', () => {
  test('a data folder that is a file', async () => {
    const data = join(dir, 'a-file');
    await writeFile(data, '');
    const { code, stderr } = await runHere(['migrate'], { THROUGHLINE_DATA: data });
    expect([code, stderr]).toEqual([
      1,
      `The data folder ${data} cannot be used (EEXIST): choose another with --data or THROUGHLINE_DATA, or mend its rights.\n`,
    ]);
  });

  test('a wrong or silent CLICKHOUSE_URL, without its password', async () => {
    const env = { THROUGHLINE_DATA: join(dir, 'data') };
    const wrong = await runHere(['doctor'], { ...env, CLICKHOUSE_URL: 'user:s3cret@nowhere' });
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      'CLICKHOUSE_URL is not an address such as http://user:password@host:8123/throughline.\n',
    ]);
    const silent = await runHere(['doctor'], { ...env, CLICKHOUSE_URL: 'http://user:s3cret@127.0.0.1:1/x' });
    expect(silent.code).toBe(1);
    expect(silent.stderr).toContain('The ClickHouse server cannot be reached at http://127.0.0.1:1');
    expect(silent.stderr).not.toContain('s3cret');
  });
});
