import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compressBeside } from '../../app/compress.mjs';
import { startCollector, type TestCollector, tempDir } from './support/test-collector.ts';

const script = `console.log("${'tracker '.repeat(200)}")`;

let collector: TestCollector;
beforeAll(async () => {
  const dataDir = await tempDir();
  const trackerFile = join(dataDir, 'built.js');
  await writeFile(trackerFile, script);
  compressBeside(trackerFile);
  collector = await startCollector({ dataDir, trackerFile });
});
afterAll(() => collector.remove());

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The answer as it is on the wire, nothing unpacked. */
function ask(headers: Readonly<Record<string, string>>, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${collector.url}/t.js`, { method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject).end();
  });
}

const readers: Readonly<Record<string, (body: Buffer) => Buffer>> = { br: brotliDecompressSync, gzip: gunzipSync };

describe('the tag on the wire', () => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['br', 'br'],
    ['BR;q=0.5, gzip', 'br'],
    ['*', 'br'],
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['identity', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['zstd', undefined],
    ['', undefined],
  ])('under "Accept-Encoding: %s" is %s', async (accepted, expected) => {
    const { status, headers, body } = await ask({ 'Accept-Encoding': accepted });
    expect([status, headers['content-encoding'], headers['content-type']]).toEqual([
      200,
      expected,
      'text/javascript; charset=utf-8',
    ]);
    expect(headers.vary).toBe('Accept-Encoding');
    expect(Number(headers['content-length'])).toBe(body.length);
    expect(String(readers[expected ?? '']?.(body) ?? body)).toBe(script);
  });

  test('is the script itself for whoever says nothing of encodings', async () => {
    const { headers, body } = await ask({});
    expect([headers['content-encoding'], headers.vary, String(body)]).toEqual([undefined, 'Accept-Encoding', script]);
  });

  test('has a name of its own in each form, by which a browser asks whether it has changed', async () => {
    const forms = ['br', 'gzip', 'identity'];
    const tags = await Promise.all(
      forms.map(async (form) => String((await ask({ 'Accept-Encoding': form })).headers.etag)),
    );
    expect(new Set(tags).size).toBe(3);
    const statuses = await Promise.all(
      forms.flatMap((form) =>
        tags.map(async (tag) => (await ask({ 'Accept-Encoding': form, 'If-None-Match': tag })).status),
      ),
    );
    expect(statuses).toEqual([304, 200, 200, 200, 304, 200, 200, 200, 304]);
  });

  test('says of itself the same to HEAD, and to whoever has it already that it depends on encodings', async () => {
    const { headers } = await ask({ 'Accept-Encoding': 'br' }, 'HEAD');
    const got = await ask({ 'Accept-Encoding': 'br' });
    expect([headers['content-encoding'], headers['content-length'], headers.etag]).toEqual([
      'br',
      String(got.body.length),
      got.headers.etag,
    ]);
    const known = await ask({ 'Accept-Encoding': 'br', 'If-None-Match': String(headers.etag) });
    expect([known.status, known.headers.vary, known.headers['cache-control'], known.body.length]).toEqual([
      304,
      'Accept-Encoding',
      'public, max-age=3600',
      0,
    ]);
  });

  test('leaves nothing of its form in an answer that is an error', async () => {
    const { status, headers, body } = await ask({ 'Accept-Encoding': 'br', 'If-Match': '"another"' });
    expect([Number(status) >= 400, headers['content-encoding']]).toEqual([true, undefined]);
    expect(String(body)).toContain('Error');
  });
});

test('a tag that nobody compressed is served as it is', async () => {
  const plain = await startCollector();
  try {
    const answer = await fetch(`${plain.url}/t.js`, { headers: { 'Accept-Encoding': 'br' } });
    expect([answer.status, answer.headers.get('content-encoding'), await answer.text()]).toEqual([
      200,
      null,
      'console.log("tracker")',
    ]);
  } finally {
    await plain.remove();
  }
});
