import { expect, test } from 'vitest';
import type { CodeBlock, CodeBlocks } from '../../../collector/collect/code-blocks.ts';
import { createVisitCodes } from '../../../collector/collect/visit-codes.ts';

/** Blocks that come when a test says so. */
function slowBlocks() {
  const asked: { give(): void; fail(): void }[] = [];
  const blocks: CodeBlocks = {
    take: () =>
      new Promise<CodeBlock>((resolve, reject) => {
        const first = 10_000 + 1000 * asked.length;
        asked.push({
          give: () => resolve({ first, end: first + 1000 }),
          fail: () => reject(new Error('the disk is full')),
        });
      }),
  };
  return { asked, blocks };
}

const shortMs = 1;
const longMs = 60_000;

test('who waits for codes gets them, or is told that there are none to be had', async () => {
  const { asked, blocks } = slowBlocks();
  const codes = createVisitCodes(blocks, { patienceMs: longMs });
  const failing = codes.more();
  asked[0]?.fail();
  expect(await failing).toBe('failed');
  const waiting = [codes.more(), codes.more()];
  expect(asked).toHaveLength(2);
  asked[1]?.give();
  expect(await Promise.all(waiting)).toEqual(['given', 'given']);
  expect([codes.hasRoom(1000), codes.hasRoom(1001)]).toEqual([true, false]);
});

test('nobody waits for a block that did not come in time, until it comes', async () => {
  const { asked, blocks } = slowBlocks();
  const first = createVisitCodes(blocks, { patienceMs: shortMs });
  expect(await first.more()).toBe('late');
  expect(first.codeOf('visit')).toBeUndefined();
  asked[0]?.give();
  await expect.poll(() => first.hasRoom(1)).toBe(true);
  expect(first.codeOf('visit')).toMatch(/^10000\d$/);
  for (let visit = 1; visit < 1000; visit += 1) first.codeOf(`visit ${visit}`);
  expect(first.codeOf('one more')).toBeUndefined();
  // What was asked for ahead of need is what is waited for.
  const again = first.more();
  expect(asked).toHaveLength(2);
  asked[1]?.give();
  expect(await again).toBe('given');
});

test('a crowd does not wait: each that does is in memory', async () => {
  const { asked, blocks } = slowBlocks();
  const codes = createVisitCodes(blocks, { patienceMs: longMs });
  const crowd = Array.from({ length: 600 }, () => codes.more());
  asked[0]?.give();
  const outcomes = await Promise.all(crowd);
  expect(outcomes.filter((outcome) => outcome === 'given')).toHaveLength(500);
  expect(outcomes.filter((outcome) => outcome === 'late')).toHaveLength(100);
});
