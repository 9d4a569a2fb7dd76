import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nowMs, startCollector, type TestCollector } from '../support/test-collector.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.remove());

const read = (name: string): Promise<string> => readFile(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

const example = /```sh\ncurl -s "\$TL(?<path>\S*)" -d '(?<body>[^`]+)'\n```\n\n```json\n(?<answer>[^`]+)\n```/g;

/** A body as the shell makes it of what is printed. */
const asSent = (printed: string): string =>
  printed
    .replaceAll("'$SITE'", 'demo')
    .replaceAll("'$(date +%s)000'", String(nowMs))
    .replaceAll("'$(date +%s)'", String(nowMs / 1000))
    .replaceAll(/'\$\(printf %s (\S+) \| sha256sum \| cut -c1-64\)'/g, (_all, text) =>
      createHash('sha256').update(String(text)).digest('hex'),
    );

/** Which visit it is, and the count of its code, depend on what came before. */
const withoutNumbers = (answer: string): string =>
  answer.trim().replace(/"visit":"[0-9a-f-]{36}","visit_code":"\d{6,8}"/, '"visit":"…","visit_code":"…"');

test('the examples of the documentation are answered as printed, and lose no field', async () => {
  const found = [...(await read('collect.md')).matchAll(example)].map(({ groups }) => groups ?? {});
  expect(found).toHaveLength(6);
  for (const { path, body = '', answer = '' } of found) {
    const response = await fetch(collector.url + path, { method: 'POST', body: asSent(body) });
    expect(withoutNumbers(await response.text())).toBe(withoutNumbers(answer));
  }
  expect((await collector.rows('rejected')).map(({ entity }) => entity)).toEqual(['event']);
});

test('both languages print the same examples', async () => {
  const blocksOf = (text: string): string[] => text.match(/```(?:sh|json)\n[^`]+```/g) ?? [];
  expect(blocksOf(await read('collect.ru.md'))).toEqual(blocksOf(await read('collect.md')));
});
