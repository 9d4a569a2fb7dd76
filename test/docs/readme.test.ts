import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../app/config/load-config.ts';
import { readRows } from '../../collector/ingest/read-rows.ts';
import { costInputSchema } from '../../domain/record/cost.ts';
import { parseReport } from '../../reports/query/parse.ts';
import { requestFromParameters } from '../../reports/query/parse-get.ts';
import { runHere } from '../app/support/command-line.ts';
import { blocksOf, commandsOf, isThere, productCallsOf, textOf } from './documents.ts';

const readmes = ['README.md', 'README.ru.md'];
const pages = [...readmes, 'CONTRIBUTING.md', 'docs/architecture.md'];

const scripts = Object.keys(
  z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(textOf('package.json'))).scripts,
);

/** What each command of a page must be. */
const known: readonly { readonly shape: RegExp; readonly isRight: (found: readonly string[]) => boolean }[] = [
  { shape: /^npm (ci|test|start)$/, isRight: ([, name = '']) => name === 'ci' || scripts.includes(name) },
  { shape: /^npm run (?:-s )?([\w:-]+)(?: -- .+)?$/, isRight: ([, name = '']) => scripts.includes(name) },
  { shape: /^node dist\/(\S+)\.js .+$/, isRight: ([, path]) => isThere(`${path}.ts`) },
  { shape: /^(?:UPDATE_\w+=1 )?npx vitest run (.+)$/, isRight: ([, paths = '']) => paths.split(' ').every(isThere) },
  { shape: /^cp (\S+) throughline\.config\.yaml$/, isRight: ([, path = '']) => isThere(path) },
  { shape: /^curl .*"?http:\/\/127\.0\.0\.1:8090\/api\/v1\/report\b.*$/, isRight: () => true },
];

describe.each(pages)('the commands of %s', (page) => {
  test('are scripts, commands and files that exist', () => {
    const wrong = commandsOf(page).filter(
      (command) =>
        !known.some(({ shape, isRight }) => {
          const found = shape.exec(command);
          return found !== null && isRight(found);
        }),
    );
    expect(wrong).toEqual([]);
  });

  test('name commands and options that the product has', async () => {
    for (const args of productCallsOf(page)) {
      const name = args.slice(0, args[0] === 'token' ? 2 : 1);
      const help = await runHere([...name, '--help']);
      expect([args.join(' '), help.code]).toEqual([args.join(' '), 0]);
      for (const option of args.filter((arg) => arg.startsWith('--'))) expect(help.stdout).toContain(`${option} `);
    }
  });
});

const shop = { name: 'shop', timezone: 'Europe/Moscow', currency: 'RUB', moneySource: 'payments' as const };

/** Every request for a report that a page shows, as the body that the API takes. */
function requestsOf(page: string): unknown[] {
  const curls = commandsOf(page).filter((command) => command.startsWith('curl '));
  const queries = curls.flatMap((command) => /\/report\?([^"]+)"/.exec(command)?.[1] ?? []);
  const bodies = curls.flatMap((command) => / -d '([^']+)'/.exec(command)?.[1] ?? []);
  const reports = productCallsOf(page).filter(([name]) => name === 'report');
  return [
    ...queries.map((query) => new URLSearchParams(query)).map(withoutFormat),
    ...bodies.map((body) => JSON.parse(body) as unknown),
    ...reports.map((args) => optionsOf(args.slice(1))).map(withoutFormat),
  ];
}

function optionsOf(args: readonly string[]): URLSearchParams {
  const command = new Command().allowUnknownOption().allowExcessArguments();
  for (const arg of args.filter((text) => text.startsWith('--'))) command.option(`${arg} <value>`);
  const options = command.parse(args, { from: 'user' }).opts<Record<string, string>>();
  return new URLSearchParams(options);
}

function withoutFormat(parameters: URLSearchParams): unknown {
  parameters.delete('format');
  return requestFromParameters(parameters);
}

describe.each(readmes)('what %s shows', (page) => {
  test('reports are ones that the API answers', () => {
    const requests = requestsOf(page);
    expect(requests.length).toBe(4);
    for (const request of requests) expect(parseReport(request, shop)).toMatchObject({ ok: true });
  });

  test('configurations are taken', () => {
    const texts = blocksOf(page, 'yaml');
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) {
      const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
      const env = Object.fromEntries(names.map((name) => [name, `https://shop.bitrix24.ru/rest/1/${name}/`]));
      expect(() => parseConfig(text, page, env)).not.toThrow();
    }
  });

  test('the file of costs is taken', () => {
    const [csv = ''] = blocksOf(page, 'csv');
    const rows = readRows(Buffer.from(csv), 'text/csv');
    expect(rows.ok && rows.value.map((row) => costInputSchema.safeParse(row).error)).toEqual([undefined, undefined]);
  });

  test('every column of a cost is named', () => {
    const missing = Object.keys(costInputSchema.shape).filter((column) => !textOf(page).includes(`\`${column}\``));
    expect(missing).toEqual([]);
  });
});

test('both languages show the same commands and files', () => {
  const [english, russian] = readmes.map((page) => [commandsOf(page), blocksOf(page, 'csv'), blocksOf(page, 'html')]);
  expect(russian).toEqual(english);
});

test('the readme stays short enough to be read', () => {
  for (const page of readmes) expect(textOf(page).trimEnd().split('\n').length).toBeLessThanOrEqual(250);
});
