import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leaseStepMs } from '../../../collector/calls/lease-book.ts';
import { anyStep, live, quietStep, type Shown, step } from './random-lives.ts';
import { askOf, numbersOf, settingsOf, shopNumber } from './tracking.ts';
import { visitOfCall } from './visit-of-call.ts';

const { minHoldMs } = settingsOf();

test('no number has two visits at any moment, whatever fails and dies: who is shown one has it alone, and the record says so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { shown, disk, settings } = await live(steps);
      for (const [index, { visit: one, number, atMs }] of shown.entries()) {
        expect(visitOfCall(disk.rows, number, atMs)?.visit).toBe(one);
        expect(visitOfCall(disk.rows, number, atMs + settings.minHoldMs - 1)?.visit).toBe(one);
        const until = visitOfCall(disk.rows, number, atMs + settings.holdMs);
        const next = shown.slice(index + 1).find((later) => later.number === number && later.visit !== one);
        const leasedOn = disk.rows.some((row) => row.number === number && row.visit !== one && row.fromMs > atMs);
        if (!leasedOn) expect(until?.visit).toBe(one);
        if (next !== undefined) expect(next.atMs - atMs).toBeGreaterThanOrEqual(settings.minHoldMs);
      }
    }),
    { numRuns: 300 },
  );
});

test('whenever the clock is set, forth or back, the record gives the number of a page to its visit, and nobody else had it a moment before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async (steps) => {
      const last = new Map<string, Shown>();
      await live(steps, (shown, { disk }) => {
        expect(visitOfCall(disk.rows, shown.number, shown.atMs)?.visit).toBe(shown.visit);
        const before = last.get(shown.number);
        if (before !== undefined && before.visit !== shown.visit && before.clocks === shown.clocks)
          expect(shown.atMs - before.atMs).toBeGreaterThanOrEqual(minHoldMs);
        last.set(shown.number, shown);
      });
    }),
    { numRuns: 300 },
  );
});

test('every lease ends when its visit is silent, and each number can be given again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { disk, clock, settings, open } = await live(steps);
      clock.nowMs += settings.holdMs + leaseStepMs;
      for (const number of numbersOf(3)) expect(visitOfCall(disk.rows, number, clock.nowMs)).toBeUndefined();
      const tracking = await open();
      const given = await Promise.all(['x', 'y', 'z'].map((one) => tracking.numbersFor(askOf(one))));
      expect(given.map((numbers) => numbers[shopNumber]).sort()).toEqual(numbersOf(3));
    }),
    { numRuns: 100 },
  );
});

test('without a death the rows alone do not overlap: a lease that is cut short says so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(quietStep, { maxLength: 60 }), async (steps) => {
      const { disk } = await live(steps);
      const newest = disk.rows.filter(
        (row) =>
          !disk.rows.some(
            (other) => other.number === row.number && other.fromMs === row.fromMs && other.version > row.version,
          ),
      );
      for (const row of newest) {
        const others = newest.filter((other) => other.number === row.number && other.fromMs > row.fromMs);
        for (const other of others) expect(other.fromMs).toBeGreaterThanOrEqual(row.untilMs);
      }
    }),
    { numRuns: 100 },
  );
});
