import { expect } from 'vitest';
import { encodeVisitCode } from '../../../domain/visit-code.ts';
import { type EventSketch, hasher, record } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';

const scenario = useScenarios();
const ad = 'https://shop.example/?utm_source=yandex&utm_medium=cpc&yclid=5';
const [anna, boris] = ['+79031110001', '+79031110002'];
const code = encodeVisitCode(7);

/** An event of the one visitor that all with the same browser behind the same address are. */
const sent = (time: string, sketch: Partial<EventSketch> = {}): EventSketch => ({
  at: `2026-03-01 ${time}.000`,
  ...sketch,
  who: 'crowd',
  more: { consent: 'cookieless', ip: '', ...sketch.more },
});
const told = (time: string, phone: string, more: EventSketch['more'] = {}): EventSketch =>
  sent(time, { type: 'identify', more: { phone_hash: hasher.phone(phone), ...more } });
const deal = (id: string, phone?: string, more: Readonly<Record<string, unknown>> = {}) =>
  record('deal', {
    source: 'crm',
    id,
    created_at: '2026-03-01T18:00:00Z',
    amount: 100,
    status: 'won',
    ...(phone === undefined ? {} : { client: { phone } }),
    ...more,
  });

const annaFromTheAd = [sent('10:00:00', { url: ad }), told('10:05:00', anna)];
const paths = async (shop: OwnShop) => {
  const touches = await shop.mart<{ path_id: string; channel: string }>('deal_touches', 'path_id, channel', 'ALL');
  return touches.filter(({ path_id }) => path_id.startsWith('deal:'));
};
const persons = async (shop: OwnShop, ...nodes: readonly string[]) => {
  const links = await shop.mart<{ node: string; client_id: string }>('identity_links', 'node, client_id');
  return new Set(links.filter(({ node }) => nodes.some((one) => node.startsWith(one))).map((link) => link.client_id));
};

/** What is expected holds as well when all is computed anew. */
async function alsoRebuilt(shop: OwnShop, expectation: () => Promise<void>): Promise<void> {
  await shop.settle();
  await expectation();
  await shop.rebuild();
  await expectation();
}

scenario('strangers who are one visitor without a cookie stay two persons, each with the own visit', async (shop) => {
  await shop.events(...annaFromTheAd, sent('11:45:00'), told('11:50:00', boris));
  await shop.records(deal('a', anna), deal('b', boris));
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual([
      { path_id: 'deal:crm:a', channel: 'Paid Search' },
      { path_id: 'deal:crm:b', channel: 'Direct' },
    ]);
    expect(await shop.mart('visits', 'visitor_id')).toHaveLength(2);
    expect((await persons(shop, 'phone:')).size).toBe(2);
  });
});

scenario('a visit in which two people told of themselves is nobody’s, in any order of arrival', async (shop) => {
  const late = told('10:12:00', boris);
  await shop.events(...annaFromTheAd, sent('10:11:00'));
  await shop.records(deal('a', anna), deal('b', boris));
  await shop.settle();
  expect(await paths(shop)).toEqual([{ path_id: 'deal:crm:a', channel: 'Paid Search' }]);
  await shop.events(late);
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual([]);
    expect((await persons(shop, 'phone:')).size).toBe(2);
  });
});

scenario('one person who tells, asks and orders in a visit without a cookie has its source', async (shop) => {
  await shop.events(
    ...annaFromTheAd,
    sent('10:06:00', { type: 'form_submit', more: { form_id: 'callback' } }),
    sent('10:09:00', { type: 'purchase', more: { order_id: 'W-1' } }),
  );
  await shop.records(deal('a', undefined, { order_id: 'W-1', client: { email: 'anna@shop.example' } }));
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual([{ path_id: 'deal:crm:a', channel: 'Paid Search' }]);
    expect(await shop.mart('deals', 'matched_by')).toEqual([{ matched_by: 'order' }]);
    expect(await shop.mart('leads', 'kind', 'kind')).toEqual([{ kind: 'cart' }, { kind: 'form' }]);
  });
});

scenario('orders of strangers in one visit without a cookie join nobody', async (shop) => {
  const order = (time: string, order_id: string) => sent(time, { type: 'purchase', more: { order_id } });
  await shop.events(sent('10:00:00', { url: ad }), order('10:05:00', 'W-1'), order('10:06:00', 'W-2'));
  await shop.records(deal('a', anna, { order_id: 'W-1' }), deal('b', boris, { order_id: 'W-2' }));
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual([]);
    expect((await persons(shop, 'phone:')).size).toBe(2);
    expect(await shop.mart('leads', 'duplicate_of')).toEqual([{ duplicate_of: '' }, { duplicate_of: '' }]);
  });
});

scenario('the code of a visit without a cookie leads to that visit alone', async (shop) => {
  await shop.events(
    sent('09:00:00', { url: 'https://shop.example/?utm_source=vk&utm_medium=social' }),
    sent('10:00:00', { url: ad, more: { visit_code: Number(code) } }),
    sent('10:10:00', { type: 'engagement', more: { visit_code: Number(code) } }),
  );
  await shop.records(deal('a', anna, { visit_code: code }));
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual([{ path_id: 'deal:crm:a', channel: 'Paid Search' }]);
    expect(await shop.mart('deals', 'matched_by')).toEqual([{ matched_by: 'visit_code' }]);
  });
});
