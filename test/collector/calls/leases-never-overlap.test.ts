import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leaseStepMs } from '../../../collector/calls/lease-book.ts';
import { visitOfCall } from '../../../domain/number-lease.ts';
import {
  askOf,
  type DeathPlace,
  dynamicPool,
  minuteMs,
  numbersOf,
  settingsOf,
  shopNumber,
  trackingWorld,
} from './tracking.ts';

const deaths: readonly DeathPlace[] = ['before the file', 'after the file', 'after the rows'];
const refusals = ['nothing', 'the file', 'the rows'] as const;

type Step =
  | { readonly kind: 'ask'; readonly visits: readonly string[] }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'disk'; readonly refuses: (typeof refusals)[number] }
  | { readonly kind: 'restart' }
  | { readonly kind: 'die'; readonly visit: string; readonly place: DeathPlace };

const visit = fc.integer({ min: 1, max: 7 }).map((number) => `visit ${number}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      visits: fc.array(visit, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 12 * minuteMs }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disk' as const), refuses: fc.constantFrom(...refusals) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('die' as const), visit, place: fc.constantFrom(...deaths) }) },
);

interface Shown {
  readonly visit: string;
  readonly number: string;
  readonly atMs: number;
}

/** Lives through the steps; what pages were shown, and everything that lies on the disk in the end. */
async function live(steps: readonly Step[]) {
  const settings = settingsOf(dynamicPool(3));
  const { disk, clock, open } = trackingWorld(settings);
  let tracking = await open();
  const shown: Shown[] = [];
  const ask = async (asking: string): Promise<void> => {
    const { [shopNumber]: number } = await tracking.numbersFor(askOf(asking));
    if (number !== undefined) shown.push({ visit: asking, number, atMs: clock.nowMs });
  };
  for (const one of steps) {
    if (one.kind === 'ask') await Promise.all(one.visits.map(ask));
    if (one.kind === 'pass') clock.nowMs += one.ms;
    if (one.kind === 'disk') disk.refuses = one.refuses;
    if (one.kind === 'die') {
      disk.diesAt = one.place;
      void ask(one.visit);
      await turn();
      disk.diesAt = undefined;
    }
    if (one.kind === 'die' || one.kind === 'restart') tracking = await open();
  }
  disk.refuses = 'nothing';
  await tracking.stop();
  return { shown, disk, clock, settings, open };
}

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
  const alive = fc.array(
    step.filter(({ kind }) => kind === 'ask' || kind === 'pass' || kind === 'restart'),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(alive, async (steps) => {
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
