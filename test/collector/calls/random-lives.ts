import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { askOf, type DeathPlace, dynamicPool, minuteMs, settingsOf, shopNumber, trackingWorld } from './tracking.ts';

const deaths: readonly DeathPlace[] = ['before the file', 'after the file', 'after the rows'];
const refusals = ['nothing', 'the file', 'the rows'] as const;

export type Step =
  | { readonly kind: 'ask'; readonly visits: readonly string[] }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'set clock'; readonly byMs: number }
  | { readonly kind: 'disk'; readonly refuses: (typeof refusals)[number] }
  | { readonly kind: 'restart' }
  | { readonly kind: 'die'; readonly visit: string; readonly place: DeathPlace };

const visit = fc.integer({ min: 1, max: 7 }).map((number) => `visit ${number}`);
const ask = fc.record({
  kind: fc.constant('ask' as const),
  visits: fc.array(visit, { minLength: 1, maxLength: 4 }),
});
const pass = fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 12 * minuteMs }) });
const restart = fc.constant({ kind: 'restart' as const });
const setClock = fc.record({
  kind: fc.constant('set clock' as const),
  byMs: fc.integer({ min: -150 * minuteMs, max: 150 * minuteMs }),
});

/** Without an accident. */
export const quietStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: ask },
  { weight: 6, arbitrary: pass },
  { weight: 1, arbitrary: restart },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 15, arbitrary: quietStep },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disk' as const), refuses: fc.constantFrom(...refusals) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('die' as const), visit, place: fc.constantFrom(...deaths) }) },
);

/** Also with a clock that somebody sets. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: step },
  { weight: 1, arbitrary: setClock },
);

export interface Shown {
  readonly visit: string;
  readonly number: string;
  readonly atMs: number;
  /** How often the clock had been set. */
  readonly clocks: number;
}

/** Lives through the steps; what pages were shown, and everything that lies on the disk in the end. `onShown` is called at that moment. */
export async function live(steps: readonly Step[], onShown: (shown: Shown, world: World) => void = () => undefined) {
  const settings = settingsOf(dynamicPool(3));
  const world = trackingWorld(settings);
  const { disk, clock, open } = world;
  let tracking = await open();
  let clocks = 0;
  const shown: Shown[] = [];
  const asks = async (asking: string): Promise<void> => {
    const { [shopNumber]: number } = await tracking.numbersFor(askOf(asking));
    if (number === undefined) return;
    shown.push({ visit: asking, number, atMs: clock.nowMs, clocks });
    onShown({ visit: asking, number, atMs: clock.nowMs, clocks }, world);
  };
  for (const one of steps) {
    if (one.kind === 'ask') await Promise.all(one.visits.map(asks));
    if (one.kind === 'pass') clock.nowMs += one.ms;
    if (one.kind === 'set clock') {
      clock.nowMs += one.byMs;
      clocks += 1;
    }
    if (one.kind === 'disk') disk.refuses = one.refuses;
    if (one.kind === 'die') {
      disk.diesAt = one.place;
      void asks(one.visit);
      await turn();
      disk.diesAt = undefined;
    }
    if (one.kind === 'die' || one.kind === 'restart') tracking = await open();
  }
  disk.refuses = 'nothing';
  await tracking.stop();
  return { shown, disk, clock, settings, open };
}

type World = ReturnType<typeof trackingWorld>;
