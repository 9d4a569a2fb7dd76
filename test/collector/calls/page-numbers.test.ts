import { expect, test } from 'vitest';
import { PageNumbers } from '../../../collector/calls/page-numbers.ts';
import { heapGrowth } from '../support/heap-growth.ts';
import { pageview, uuid } from '../support/test-collector.ts';
import { askOf, settingsOf, shopNumber, staticPool, trackingWorld } from './tracking.ts';

test('what pages wrote is not kept with where their visits came from', async () => {
  const tracking = await trackingWorld(settingsOf(staticPool('74990000001', { sources: ['yandex'] }))).open();
  const pages = new PageNumbers(tracking);
  const long = 'x'.repeat(30_000);
  const open = (visit: number): void => {
    const event = JSON.parse(
      JSON.stringify({
        ...pageview(visit),
        visit: uuid(visit),
        url: `https://shop.example/?utm_source=yandex&utm_medium=cpc&a=${visit}${long}`,
        referrer: `https://a.ru/${visit}${long}`,
      }),
    );
    const batch = {
      site: 'demo',
      visitor: uuid(80),
      isCookieless: false,
      events: [event],
      channelIn: 'collect',
      receivedAtMs: 0,
      address: '',
      countedAs: undefined,
      userAgent: '',
      clientHints: '',
    } as const;
    pages.of(undefined, batch, { visitor: uuid(80), visit: uuid(visit), visit_code: null });
  };
  const grownBytes = heapGrowth(() => {
    for (let visit = 1000; visit < 2000; visit += 1) open(visit);
  });
  expect(grownBytes).toBeLessThan(3_000_000);
  expect(await tracking.numbersFor(askOf(uuid(1500)))).toEqual({ [shopNumber]: '74990000001' });
});
