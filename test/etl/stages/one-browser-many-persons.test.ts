import { expect } from 'vitest';
import { type EventSketch, hasher, record, uuid } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';

const scenario = useScenarios();
const real = 'https://shop.example/?utm_source=yandex&utm_medium=cpc&yclid=5';
const alien = 'https://shop.example/?utm_source=partner&utm_medium=cpa';

type More = NonNullable<EventSketch['more']>;
const phoneOf = (number: number): string => `+790311100${String(number).padStart(2, '0')}`;
const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const sent = (who: string, time: string, sketch: Partial<EventSketch> = {}): EventSketch => ({
  who,
  at: `2026-03-01 ${time}.000`,
  ...sketch,
});
const told = (who: string, time: string, more: More): EventSketch => sent(who, time, { type: 'identify', more });
const ordered = (who: string, time: string, order_id: string, more: More = {}): EventSketch =>
  sent(who, time, { type: 'purchase', more: { order_id, ...more } });
/** The n-th of many that one browser sends. */
const minute = (number: number): string => `12:${String(number).padStart(2, '0')}:00`;

const deal = (id: string, client: object, more: Readonly<Record<string, unknown>> = {}) =>
  record('deal', {
    source: 'crm',
    id,
    created_at: '2026-03-01T18:00:00Z',
    amount: 100,
    status: 'won',
    client,
    ...more,
  });

const paths = async (shop: OwnShop) => {
  const touches = await shop.mart<{ path_id: string; channel: string }>('deal_touches', 'path_id, channel', 'ALL');
  return touches.filter(({ path_id }) => path_id.startsWith('deal:'));
};
const persons = async (shop: OwnShop, kind: string) => {
  const links = await shop.mart<{ node: string; client_id: string }>('identity_links', 'node, client_id');
  return new Set(links.filter(({ node }) => node.startsWith(kind)).map((link) => link.client_id)).size;
};

/** What is expected holds as well when all is computed anew. */
async function alsoRebuilt(shop: OwnShop, expectation: () => Promise<void>): Promise<void> {
  await shop.settle();
  await expectation();
  await shop.rebuild();
  await expectation();
}

const buyers = numbersTo(5);
const buyersCame = buyers.flatMap((number) => [
  sent(`buyer ${number}`, '10:00:00', { url: real }),
  told(`buyer ${number}`, '10:05:00', { phone_hash: hasher.phone(phoneOf(number)) }),
]);
const theirDeals = buyers.map((number) => deal(`${number}`, { phone: phoneOf(number) }));
const theirPaths = buyers.map((number) => ({ path_id: `deal:crm:${number}`, channel: 'Paid Search' }));

scenario('a browser that tells of many phones joins nobody and takes no deal', async (shop) => {
  await shop.events(...buyersCame);
  await shop.records(...theirDeals);
  await shop.settle();
  expect(await paths(shop)).toEqual(theirPaths);
  const claims = buyers.map((number) => told('thief', minute(number), { phone_hash: hasher.phone(phoneOf(number)) }));
  await shop.events(sent('thief', '11:00:00', { url: alien }), ...claims);
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual(theirPaths);
    expect(await persons(shop, 'phone:')).toBe(buyers.length);
  });
});

scenario('what joined while a browser told of few persons is parted when it tells of more', async (shop) => {
  await shop.records(...theirDeals);
  const claims = buyers.map((number) => told('desk', minute(number), { phone_hash: hasher.phone(phoneOf(number)) }));
  await shop.events(sent('desk', '11:00:00', { url: alien }), ...claims.slice(0, 3));
  await shop.settle();
  expect(await persons(shop, 'phone:')).toBe(3);
  await shop.events(...claims.slice(3));
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual([]);
    expect(await persons(shop, 'phone:')).toBe(buyers.length);
  });
});

scenario('e-mails and ids of accounts are counted like phones', async (shop) => {
  await shop.events(
    ...buyers.map((number) => told('desk', minute(number), { email_hash: hasher.email(`${number}@shop.example`) })),
    ...buyers.map((number) => told('tablet', minute(number), { user_id: `account ${number}` })),
  );
  await alsoRebuilt(shop, async () => {
    expect(await persons(shop, 'email:')).toBe(buyers.length);
    expect(await persons(shop, 'user:')).toBe(buyers.length);
  });
});

scenario('somebody with three phones is one person', async (shop) => {
  const phones = numbersTo(3).map((number) =>
    told('anna', minute(number), { phone_hash: hasher.phone(phoneOf(number)) }),
  );
  await shop.events(sent('anna', '11:00:00', { url: real }), ...phones);
  await shop.records(...numbersTo(3).map((number) => deal(`${number}`, { phone: phoneOf(number) })));
  await alsoRebuilt(shop, async () => {
    expect(await persons(shop, 'phone:')).toBe(1);
    expect(new Set((await paths(shop)).map(({ path_id }) => path_id)).size).toBe(3);
  });
});

scenario('each request of a browser of many belongs to whoever it tells of', async (shop) => {
  const orders = buyers.map((number) =>
    ordered('desk', minute(number), `W-${number}`, { phone_hash: hasher.phone(phoneOf(number)) }),
  );
  await shop.events(...buyersCame, sent('desk', '11:00:00', { url: alien }), ...orders);
  await shop.records(
    ...buyers.map((number) => deal(`${number}`, { phone: phoneOf(number) }, { order_id: `W-${number}` })),
  );
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual(theirPaths);
    expect(await shop.mart('leads', 'deal_key, order_id', 'order_id')).toEqual(
      buyers.map((number) => ({ deal_key: `crm:${number}`, order_id: `W-${number}` })),
    );
  });
});

scenario('a browser that tells of more orders than one buyer makes in a day joins none', async (shop) => {
  const orders = numbersTo(6).map((number) => ordered('thief', minute(number), `W-${number}`));
  await shop.events(sent('thief', '11:00:00', { url: alien }), ...orders);
  await shop.records(
    ...numbersTo(6).map((number) => deal(`${number}`, { phone: phoneOf(number) }, { order_id: `W-${number}` })),
  );
  await alsoRebuilt(shop, async () => {
    expect(await paths(shop)).toEqual([]);
    expect(await persons(shop, 'phone:')).toBe(6);
  });
});

scenario('an order every few days for a year is one buyer’s', async (shop) => {
  const days = numbersTo(60).map((number) => new Date(Date.UTC(2025, 0, 1 + 6 * number)).toISOString().slice(0, 10));
  await shop.events(
    ...days.map((day, number) => ({ ...ordered('anna', '10:00:00', `W-${number}`), at: `${day} 10:00:00.000` })),
  );
  await alsoRebuilt(shop, async () => expect(await persons(shop, 'order:')).toBe(1));
});

scenario(
  'an order that several browsers tell of is whose browser told first, whatever time another claims',
  async (shop) => {
    const [anna, order] = [phoneOf(1), { order_id: 'W-1' }];
    await shop.events(sent('anna', '10:00:00', { url: real }), ordered('anna', '10:09:00', 'W-1'));
    await shop.records(deal('1', { phone: anna }, order));
    await shop.settle();
    await shop.events(
      sent('thief', '09:00:00', { url: alien, more: { received_at: '2026-03-01 11:00:00.000' } }),
      ordered('thief', '09:01:00', 'W-1', { received_at: '2026-03-01 11:00:00.000' }),
    );
    await alsoRebuilt(shop, async () =>
      expect(await paths(shop)).toEqual([{ path_id: 'deal:crm:1', channel: 'Paid Search' }]),
    );
  },
);

scenario('the first to tell of an order is found in any order of loading', async (shop) => {
  await shop.records(deal('1', { phone: phoneOf(1) }, { order_id: 'W-1' }));
  await shop.events(sent('other', '11:00:00', { url: alien }), ordered('other', '11:01:00', 'W-1'));
  await shop.settle();
  expect(await paths(shop)).toEqual([{ path_id: 'deal:crm:1', channel: 'Paid Other' }]);
  await shop.events(sent('anna', '10:00:00', { url: real }), ordered('anna', '10:09:00', 'W-1'));
  await alsoRebuilt(shop, async () =>
    expect(await paths(shop)).toEqual([{ path_id: 'deal:crm:1', channel: 'Paid Search' }]),
  );
});

scenario('whoever tells of orders by the dozen is not the first', async (shop) => {
  const guesses = numbersTo(6).map((number) => ordered('thief', minute(number), `W-${number}`));
  await shop.events(...guesses, sent('anna', '13:00:00', { url: real }), ordered('anna', '13:09:00', 'W-1'));
  await shop.records(deal('1', { phone: phoneOf(1) }, { order_id: 'W-1' }));
  await alsoRebuilt(shop, async () =>
    expect(await paths(shop)).toEqual([{ path_id: 'deal:crm:1', channel: 'Paid Search' }]),
  );
});

scenario('deals of many people that name one browser are not of its person', async (shop) => {
  const named = (number: number, phone = phoneOf(number)) =>
    record(
      'deal',
      {
        source: 'crm',
        id: `${number}`,
        created_at: '2026-03-01T18:00:00Z',
        amount: 100,
        status: 'won',
        client: { phone },
        visitor: uuid('desk'),
      },
      `2026-06-0${number}T00:00:00Z`,
    );
  await shop.events(sent('desk', '11:00:00', { url: alien }));
  await shop.records(...numbersTo(3).map((number) => named(number)));
  await shop.settle();
  expect(await persons(shop, 'phone:')).toBe(1);
  await shop.records(named(4));
  await alsoRebuilt(shop, async () => {
    expect(await persons(shop, 'phone:')).toBe(4);
    expect(await paths(shop)).toEqual([]);
  });
});
