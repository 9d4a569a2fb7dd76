import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkExchangeFiles, checkSpool } from '../../app/runtime/check-kept-files.ts';
import { DataFolderError } from '../../app/runtime/data-folder-error.ts';
import { defaultSiteKey, projectSecret } from '../../app/runtime/secret.ts';
import { runHere } from './support/command-line.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'throughline-doctor-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const nowMs = Date.UTC(2026, 2, 1, 12);
const looked = () => ({ dataDir, clock: { now: () => nowMs } });
async function put(path: string, text = '{}\n', ageMinutes = 0): Promise<void> {
  await mkdir(dirname(join(dataDir, path)), { recursive: true });
  await writeFile(join(dataDir, path), text);
  const atSeconds = nowMs / 1000 - ageMinutes * 60;
  await utimes(join(dataDir, path), atSeconds, atSeconds);
}

test('doctor is content when nothing is kept', async () => {
  await put('spool/events/events-w-1-000000.open', '\0'.repeat(100), 20);
  await put('spool/records/records-w-1-000000.open', '');
  expect(await checkSpool(looked())).toEqual([
    { what: 'spool', says: 'everything that came is in the database', isGood: true },
  ]);
  expect(await checkExchangeFiles(looked())).toEqual([]);
});

test('doctor counts the rows that the database refused and says the cure', async () => {
  await put('spool/refused/events-w-1-000000.ndjson', '{}\n{}\n');
  await put('spool/refused/records-w-1-000001.ndjson');
  const [finding] = await checkSpool(looked());
  expect(finding).toMatchObject({ isGood: false });
  expect(finding?.says).toMatch(/refused 3 rows.*tried again at every start.*doctor --rejected.*Update throughline/);
});

test.each(['ndjson', 'open'])(
  'doctor says what waits for the database as a fact while it is new: .%s',
  async (suffix) => {
    await put(`spool/events/events-w-1-000000.${suffix}`, '{}\n', 9);
    await put('spool/records/records-w-1-000000.ndjson', '{}\n', 1);
    expect(await checkSpool(looked())).toEqual([
      {
        what: 'spool',
        says: expect.stringMatching(/^2 files .* wait for the database since 2026-03-01 11:51:00 UTC/),
        isGood: true,
      },
    ]);
  },
);

test('doctor names what cannot be read in the spool, with the cure, beside what waits', async () => {
  await mkdir(join(dataDir, 'spool/events/events-bad-1-000000.ndjson'), { recursive: true });
  await mkdir(join(dataDir, 'spool/refused/records-bad-1-000000.ndjson'), { recursive: true });
  await put('spool/events/events-w-1-000000.ndjson');
  await put('spool/refused/events-w-1-000000.ndjson');
  const findings = await checkSpool(looked());
  expect(findings.map(({ isGood }) => isGood)).toEqual([false, false, true]);
  expect(findings[0]?.says).toContain('refused 1 rows');
  expect(findings[1]?.says).toMatch(
    /events-bad-1-000000.ndjson \(EISDIR\), .*records-bad-1-000000.ndjson \(EISDIR\) cannot be read .* move away/,
  );
});

test('doctor tells how long the spool has waited for the database', async () => {
  await put('spool/events/events-w-1-000000.ndjson', '{}\n', 12);
  await put('spool/records/records-w-1-000000.ndjson', '{}\n', 1);
  expect(await checkSpool(looked())).toMatchObject([
    { isGood: false, says: expect.stringMatching(/^2 files .* for 12 minutes/) },
  ]);
});

test('doctor names the files of 1C that could not be imported, but for those that 1C sends again', async () => {
  for (const number of [1, 2, 3, 4, 5, 6, 7])
    await put(`exchange/site%201c/failed/${nowMs + number}-000000-%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7${number}.xml`);
  await put(`exchange/site%201c/failed/told-${nowMs}-000000-again.xml`);
  const [finding, another] = await checkExchangeFiles(looked());
  expect(another).toBeUndefined();
  expect(finding).toMatchObject({ what: 'files of site 1c', isGood: false });
  expect(finding?.says).toContain('7 files that 1C sent');
  expect(finding?.says).toContain('заказ7.xml (2026-03-01 12:00 UTC) and 2 older ones');
  expect(finding?.says).toContain('throughline import');
  expect(finding?.says).not.toContain('again.xml');
});

test('a key is made once, whole, for its owner alone, whoever starts at the same time', async () => {
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => projectSecret(dataDir, undefined)));
  expect(new Set(made).size).toBe(1);
  expect(made[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(await projectSecret(dataDir, undefined)).toBe(made[0]);
  expect(await readdir(dataDir)).toEqual(['secret']);
  expect(await projectSecret(dataDir, 'a key of the configuration')).toBe('a key of the configuration');
});

test.each([
  ['nothing', ''],
  ['a line feed', '\n'],
  ['zeros', '\0'.repeat(65)],
  ['half of it', '0123456789abcdef'.repeat(2)],
])('a key that a power cut left as %s is refused and left alone', async (_name, text) => {
  await put('secret', text);
  await expect(projectSecret(dataDir, undefined)).rejects.toThrow(DataFolderError);
  expect(await readFile(join(dataDir, 'secret'), 'utf8')).toBe(text);
  await put('site-key', text);
  await expect(defaultSiteKey(dataDir)).rejects.toThrow(
    `${join(dataDir, 'site-key')} does not hold the key of the site`,
  );
});

test('a command on a folder with an empty key says so in a sentence, with the cure', async () => {
  await put('secret', '');
  expect(await runHere(['up', '--data', dataDir, '--port', '0'])).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      `^${join(dataDir, 'secret')} does not hold the key .* Put it back from a backup\\. Without one delete it, .*\n$`,
    ),
  });
});
