import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leftOutOf, type Piece, sift, wholeBatch } from '../../etl/sift.ts';

type Batches = Readonly<Record<string, readonly string[]>>;

const isLeftOut = (pieces: readonly Piece[], batch: string, key: string): boolean =>
  pieces.map(leftOutOf).some((one) => one.batch === batch && one.firstKey <= key && key <= one.lastKey);

/** Stages over these batches that refuse to run when one of the bad rows takes part. */
function stagesOf(batches: Batches, bad: ReadonlySet<string>, most = 1000) {
  const rows = Object.entries(batches).flatMap(([batch, keys]) => keys.map((key) => ({ batch, key })));
  const runs: string[][] = [];
  const tools = {
    runWithout: async (pieces: readonly Piece[]): Promise<string | undefined> => {
      const taken = rows.filter(({ batch, key }) => !isLeftOut(pieces, batch, key)).map(({ key }) => key);
      runs.push(taken);
      return taken.find((key) => bad.has(key));
    },
    keysOfBatch: async (batch: string): Promise<readonly string[]> => batches[batch] ?? [],
    most,
  };
  return { tools, runs, rows };
}

const batchesOf = (sizes: readonly number[]): Batches =>
  Object.fromEntries(
    sizes.map((size, batch) => [`b${batch}`, Array.from({ length: size }, (_none, row) => `${batch}-${100 + row}`)]),
  );

test('exactly the bad rows are found, and the last run is one with all the others', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
  const property = fc.asyncProperty(sizes, fc.infiniteStream(fc.boolean()), async (counts, coin) => {
    const batches = batchesOf(counts);
    const keys = Object.values(batches).flat();
    const chosen = keys.filter(() => coin.next().value === true);
    const bad = new Set(chosen.length === 0 ? keys.slice(0, 1) : chosen);
    const { tools, runs, rows } = stagesOf(batches, bad);
    await tools.runWithout(Object.keys(batches).map(wholeBatch));
    const found = await sift(Object.keys(batches).map(wholeBatch), tools);
    expect(found?.untried).toEqual([]);
    expect(found?.refused.map(({ key }) => key)).toEqual(keys.filter((key) => bad.has(key)));
    expect(runs.at(-1)).toEqual(rows.map(({ key }) => key).filter((key) => !bad.has(key)));
  });
  await fc.assert(property, { seed: 20260301, numRuns: 200 });
});

test('one bad row among many is found in few runs', async () => {
  const batches = batchesOf(Array.from({ length: 400 }, () => 50));
  const { tools, runs } = stagesOf(batches, new Set(['377-131']));
  const found = await sift(Object.keys(batches).map(wholeBatch), tools);
  expect(found?.refused).toEqual([{ batch: 'b377', key: '377-131', refusal: expect.any(String) }]);
  expect(runs.length).toBeLessThanOrEqual(30);
});

test('when the most that is looked for is found, the rest is named as not tried and the last run is without it', async () => {
  const batches = batchesOf([4, 4, 4]);
  const { tools, runs } = stagesOf(batches, new Set(['0-101', '1-100', '2-103']), 2);
  const found = await sift(Object.keys(batches).map(wholeBatch), tools);
  expect(found?.refused.map(({ key }) => key)).toEqual(['0-101', '1-100']);
  expect(found?.untried.every(({ batch }) => batch !== 'b0')).toBe(true);
  const untried = found?.untried ?? [];
  const rows = Object.entries(batches).flatMap(([batch, keys]) => keys.map((key) => ({ batch, key })));
  const taken = rows.filter(({ batch, key }) => !isLeftOut(untried, batch, key) && !['0-101', '1-100'].includes(key));
  expect(runs.at(-1)).toEqual(taken.map(({ key }) => key));
});

test('a refusal that no row explains names none', async () => {
  let runs = 0;
  const runWithout = async (): Promise<string | undefined> => {
    runs += 1;
    return 'refused';
  };
  const tools = { runWithout, keysOfBatch: async () => ['a', 'b'], most: 20 };
  expect(await sift([wholeBatch('b0')], tools)).toBeUndefined();
  expect(runs).toBe(3);
});

test.each([
  ['of all together', []],
  ['of a half', ['0-103']],
])('a failure %s that does not repeat blames nobody', async (_when, bad) => {
  const { tools, runs, rows } = stagesOf(batchesOf([5, 1]), new Set(bad));
  const runWithout = async (pieces: readonly Piece[]): Promise<string | undefined> => {
    const refused = await tools.runWithout(pieces);
    return bad.length > 0 && runs.length === 1 ? 'passing' : refused;
  };
  const found = await sift([wholeBatch('b1'), wholeBatch('b0')], { ...tools, runWithout });
  expect(found?.untried).toEqual([]);
  expect(found?.refused.map(({ key }) => key)).toEqual(bad);
  expect(runs.at(-1)).toEqual(rows.map(({ key }) => key).filter((key) => !bad.includes(key)));
});

test('a row that is refused by itself is named with its own refusal', async () => {
  const { tools } = stagesOf(batchesOf([4]), new Set(['0-101', '0-103']));
  expect((await sift([wholeBatch('b0')], tools))?.refused).toEqual([
    { batch: 'b0', key: '0-101', refusal: '0-101' },
    { batch: 'b0', key: '0-103', refusal: '0-103' },
  ]);
});
