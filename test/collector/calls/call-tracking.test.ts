import { describe, expect, test } from 'vitest';
import { LeaseFileError } from '../../../collector/calls/call-tracking.ts';
import type { NumberPool } from '../../../collector/calls/number-pool.ts';
import { shortagesOfLastDay } from '../../../collector/calls/shortages.ts';
import { failed } from '../../../domain/result.ts';
import {
  askOf,
  dynamicPool,
  minuteMs,
  numbersOf,
  settingsOf,
  shopNumber,
  staticPool,
  trackingWorld,
} from './tracking.ts';
import { visitOfCall } from './visit-of-call.ts';

const [one = '', two = ''] = numbersOf(2);
const fromYandex = ['https://shop.example/?utm_source=yandex&utm_medium=cpc&utm_campaign=Brand_Msk', ''] as const;

async function opened(...pools: NumberPool[]) {
  const world = trackingWorld(settingsOf(...pools));
  const tracking = await world.open();
  const ofYandex = { pools: tracking.landingPools(...fromYandex) };
  const numberOf = async (...ask: Parameters<typeof askOf>) => (await tracking.numbersFor(askOf(...ask)))[shopNumber];
  return { ...world, tracking, numberOf, ofYandex };
}

describe('a static number', () => {
  test.each<[string, Partial<NumberPool>, boolean]>([
    ['of its channel', { channels: ['Paid Search'] }, true],
    ['of another channel', { channels: ['Organic Search'] }, false],
    ['of its source and medium', { sources: ['yandex'], media: ['cpc'] }, true],
    ['of its source and another medium', { sources: ['yandex'], media: ['organic'] }, false],
    ['of a campaign that begins so', { campaigns: ['brand*'] }, true],
    ['of a campaign that holds it', { campaigns: ['x', '*and*msk'] }, true],
    ['of a campaign that only begins so', { campaigns: ['brand'] }, false],
    ['of a campaign longer than its pattern allows', { campaigns: ['brand_msk*k'] }, false],
    ['of its site', { sites: ['demo'] }, true],
    ['of another site', { sites: ['second'] }, false],
    ['of anywhere', {}, true],
  ])('is shown to a visit %s: %j %s', async (_what, limits, isShown) => {
    const { numberOf, ofYandex } = await opened(staticPool('74990000001', limits));
    expect(await numberOf('visit', ofYandex)).toBe(isShown ? '74990000001' : undefined);
  });

  test('stays with the visit on later pages, which do not know where it came from', async () => {
    const { numberOf, ofYandex } = await opened(staticPool('74990000001', { sources: ['yandex'] }));
    expect(await numberOf('visit', ofYandex)).toBe('74990000001');
    expect(await numberOf('visit')).toBe('74990000001');
    expect(await numberOf('another visit')).toBeUndefined();
  });

  test('is shown to many at once, and to robots and those who refuse', async () => {
    const { numberOf, disk, ofYandex } = await opened(staticPool('74990000001', { sources: ['yandex'] }));
    expect(await numberOf('visit', { ...ofYandex, isRobot: true })).toBe('74990000001');
    expect(await numberOf(undefined, ofYandex)).toBe('74990000001');
    expect(await numberOf(undefined)).toBeUndefined();
    expect(disk.rows).toEqual([]);
  });
});

describe('a leased number', () => {
  test('is another for each visit, the same for all pages of one, and is written down before it is shown', async () => {
    const { numberOf, disk, clock } = await opened(dynamicPool(2));
    const [first, second] = await Promise.all([numberOf('a'), numberOf('b')]);
    expect([first, second].sort()).toEqual([one, two]);
    clock.nowMs += 10 * minuteMs;
    expect(await numberOf('a')).toBe(first);
    expect(visitOfCall(disk.rows, first ?? '', clock.nowMs)).toMatchObject({ visit: 'a', visitor: 'visitor of a' });
    expect(visitOfCall(disk.rows, second ?? '', clock.nowMs)).toMatchObject({ visit: 'b' });
  });

  test('replaces every number of the page that its pool names, however the page writes it', async () => {
    const { tracking } = await opened(dynamicPool(1, { replace: [shopNumber, '78005553535'] }));
    const numbers = ['84951234567', '8005553535', '74951234567', '74957777777'];
    expect(await tracking.numbersFor(askOf('a', { numbers }))).toEqual({
      '84951234567': one,
      '8005553535': one,
      '74951234567': one,
    });
  });

  test('is given to nobody who has no visit, and to no robot', async () => {
    const { numberOf, disk } = await opened(dynamicPool(2));
    expect(await numberOf(undefined)).toBeUndefined();
    expect(await numberOf('robot', { isRobot: true })).toBeUndefined();
    expect(disk.rows).toEqual([]);
  });

  test('is free again half an hour after the last sign of life, and is then the last to be given', async () => {
    const { numberOf, clock } = await opened(dynamicPool(2));
    const first = await numberOf('a');
    const second = await numberOf('b');
    clock.nowMs += 20 * minuteMs;
    await numberOf('b');
    clock.nowMs += 11 * minuteMs;
    expect(await numberOf('c')).toBe(first);
    clock.nowMs += 40 * minuteMs;
    expect(await numberOf('d')).toBe(second);
  });

  test('comes back to a visit that was silent for long, if nobody has it', async () => {
    const { numberOf, clock, disk } = await opened(dynamicPool(3));
    const first = await numberOf('a');
    const silentAtMs = clock.nowMs;
    clock.nowMs += 60 * minuteMs;
    expect(await numberOf('a')).toBe(first);
    expect(visitOfCall(disk.rows, first ?? '', silentAtMs + 45 * minuteMs)).toBeUndefined();
  });

  test('of a visit idle for five minutes goes to the next when all are taken, the longest idle first; before that the page keeps its own', async () => {
    const { numberOf, clock, disk } = await opened(dynamicPool(2));
    const first = await numberOf('a');
    clock.nowMs += minuteMs;
    const second = await numberOf('b');
    clock.nowMs += 4 * minuteMs - 1;
    expect(await numberOf('c')).toBeUndefined();
    expect(await numberOf('c')).toBeUndefined();
    expect(await numberOf('d')).toBeUndefined();
    clock.nowMs += 1;
    expect(await numberOf('c')).toBe(first);
    expect(await numberOf('b')).toBe(second);
    expect(await numberOf('a')).toBeUndefined();
    expect(shortagesOfLastDay(disk.state.shortages, 'main', clock.nowMs)).toBe(3);
    expect(shortagesOfLastDay(disk.state.shortages, 'main', clock.nowMs + 26 * 60 * minuteMs)).toBe(0);
  });

  test('that none is left of is stood for by the next pool that fits', async () => {
    const { numberOf } = await opened(dynamicPool(1), staticPool('74990000001'));
    expect(await numberOf('a')).toBe(one);
    expect(await numberOf('b')).toBe('74990000001');
  });

  test('stays with its visit over a restart, which forgets where the visit came from', async () => {
    const { numberOf, open, ofYandex } = await opened(dynamicPool(3, { sources: ['yandex'] }));
    const number = await numberOf('a', ofYandex);
    const again = await open();
    expect((await again.numbersFor(askOf('a')))[shopNumber]).toBe(number);
    expect(await again.numbersFor(askOf('b'))).toEqual({});
  });

  test('is not shown while it cannot be written down', async () => {
    const { numberOf, disk, open } = await opened(dynamicPool(1));
    disk.refuses = 'the rows';
    expect(await numberOf('a')).toBeUndefined();
    disk.refuses = 'nothing';
    expect(await numberOf('a')).toBe(one);
    disk.refuses = 'the file';
    expect((await (await open()).numbersFor(askOf('b')))[shopNumber]).toBeUndefined();
  });
});

describe('a clock that is set back', () => {
  test('takes no number from its visit, keeps none longer than the time to hold, and leaves no lease for later', async () => {
    const { numberOf, disk, clock } = await opened(dynamicPool(1));
    const trueMs = clock.nowMs;
    clock.nowMs += 60 * minuteMs;
    expect(await numberOf('a')).toBe(one);
    clock.nowMs = trueMs;
    expect(await numberOf('b')).toBeUndefined();
    expect(await numberOf('a')).toBe(one);
    expect(visitOfCall(disk.rows, one, clock.nowMs)?.visit).toBe('a');
    clock.nowMs += 31 * minuteMs;
    expect(await numberOf('b')).toBe(one);
    clock.nowMs = trueMs + 61 * minuteMs;
    expect(await numberOf('b')).toBe(one);
    expect(visitOfCall(disk.rows, one, clock.nowMs)?.visit).toBe('b');
  });

  test('holds a number that began before no longer than any, and says so in the record', async () => {
    const { numberOf, disk, clock, open } = await opened(dynamicPool(1));
    clock.nowMs += 60 * minuteMs;
    await numberOf('a');
    clock.nowMs += 20 * minuteMs;
    await numberOf('a');
    clock.nowMs -= 15 * minuteMs;
    const again = await open();
    expect(await again.numbersFor(askOf('b'))).toEqual({});
    await again.stop();
    expect(visitOfCall(disk.rows, one, clock.nowMs + 31 * minuteMs - 1)?.visit).toBe('a');
    expect(visitOfCall(disk.rows, one, clock.nowMs + 31 * minuteMs)).toBeUndefined();
    clock.nowMs += 31 * minuteMs;
    expect(await numberOf('b')).toBe(one);
  });

  test('does not give a call to a visit of the time that it takes back, also when leases of then had ended', async () => {
    const { disk, clock, open } = await opened(dynamicPool(1));
    const numberOf = async (visit: string) => (await (await open()).numbersFor(askOf(visit)))[shopNumber];
    const trueMs = clock.nowMs;
    clock.nowMs = trueMs + 70 * minuteMs;
    expect(await numberOf('of the future')).toBe(one);
    clock.nowMs = trueMs + 110 * minuteMs;
    expect(await numberOf('after that')).toBe(one);
    clock.nowMs = trueMs;
    expect(await numberOf('after that')).toBe(one);
    clock.nowMs = trueMs + 50 * minuteMs;
    expect(await numberOf('of now')).toBe(one);
    expect(visitOfCall(disk.rows, one, trueMs + 75 * minuteMs)?.visit).toBe('of now');
    expect(visitOfCall(disk.rows, one, trueMs + 90 * minuteMs)).toBeUndefined();
  });
});

describe('the last word on a number', () => {
  test('is that of the lease given last, also when a set clock comes after a lease that had ended', async () => {
    const { disk, clock, open } = await opened(dynamicPool(2));
    const numberOf = async (visit: string) => (await (await open()).numbersFor(askOf(visit)))[shopNumber] ?? '';
    const trueMs = clock.nowMs;
    clock.nowMs = trueMs + 70 * minuteMs;
    expect(await numberOf('of the future')).toBe(one);
    clock.nowMs = trueMs + 110 * minuteMs;
    expect(await numberOf('after that')).toBe(two);
    clock.nowMs = trueMs + 50 * minuteMs;
    await numberOf('a sign of life');
    clock.nowMs = trueMs + 82 * minuteMs;
    expect(await numberOf('of now')).toBe(one);
    expect(visitOfCall(disk.rows, one, clock.nowMs)?.visit).toBe('of now');
  });

  test('is that of the lease given last, also when the file of leases was lost', async () => {
    const { disk, clock, open, numberOf } = await opened(dynamicPool(1));
    for (let minute = 0; minute < 10; minute += 1) {
      await numberOf('before');
      clock.nowMs += minuteMs;
    }
    disk.state = { leases: [], shortages: {} };
    const again = await open();
    clock.nowMs += 31 * minuteMs;
    expect(await again.numbersFor(askOf('after'))).toEqual({ [shopNumber]: one });
    expect(visitOfCall(disk.rows, one, clock.nowMs)?.visit).toBe('after');
  });
});

describe('numbers of a pool', () => {
  const fromOffice = { countedAs: '192.0.2.1' };

  test('go to visits of one address only while more are free than it has, so that others find one', async () => {
    const { numberOf, clock } = await opened(dynamicPool(4));
    expect(await numberOf('a', fromOffice)).toBeDefined();
    expect(await numberOf('b', fromOffice)).toBeDefined();
    expect(await numberOf('c', fromOffice)).toBeUndefined();
    expect(await numberOf('of another')).toBeDefined();
    expect(await numberOf('of a third')).toBeDefined();
    clock.nowMs += 20 * minuteMs;
    for (const visit of ['a', 'b']) expect(await numberOf(visit, fromOffice)).toBeDefined();
    clock.nowMs += 12 * minuteMs;
    expect(await numberOf('c', fromOffice)).toBeUndefined();
    clock.nowMs += 20 * minuteMs;
    expect(await numberOf('c', fromOffice)).toBeDefined();
  });

  test('that are idle go to the address that has fewer, or from one visit of an address to another', async () => {
    const { numberOf, clock } = await opened(dynamicPool(2));
    const first = await numberOf('a', fromOffice);
    const second = await numberOf('of another');
    clock.nowMs += 6 * minuteMs;
    expect(await numberOf('b', fromOffice)).toBe(first);
    expect(await numberOf('c', fromOffice)).toBeUndefined();
    expect(await numberOf('of a third')).toBe(second);
  });

  test('are for all alike where senders are not counted: behind a proxy that is not known all have one address', async () => {
    const { numberOf } = await opened(dynamicPool(2));
    for (const visit of ['a', 'b']) expect(await numberOf(visit, { countedAs: undefined })).toBeDefined();
  });
});

describe('a file of leases', () => {
  test('that is spoilt stops nothing: numbers are leased again when all leases of before have ended', async () => {
    const { disk, clock, open } = trackingWorld(settingsOf(dynamicPool(1)));
    disk.isSpoilt = true;
    const tracking = await open();
    clock.nowMs += 30 * minuteMs;
    expect(await tracking.numbersFor(askOf('a'))).toEqual({});
    clock.nowMs += minuteMs;
    expect(await tracking.numbersFor(askOf('a'))).toEqual({ [shopNumber]: one });
  });

  test('that cannot be read stops the start, with its name and the cure', async () => {
    const { disk, open } = trackingWorld(settingsOf(dynamicPool(1)));
    const denied = Object.assign(disk, { read: async () => failed('unreadable', disk.path, 'EACCES') });
    await expect(open()).rejects.toThrow(LeaseFileError);
    await expect(open()).rejects.toThrow(`${denied.path}, the leases of call tracking, cannot be read (EACCES)`);
  });
});
