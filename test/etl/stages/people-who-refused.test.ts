import { expect } from 'vitest';
import { derivedUuid } from '../../../collector/derived-uuid.ts';
import { type EventSketch, hasher, record, uuid } from './raw.ts';
import { type OwnShop, useScenarios } from './scenarios.ts';

const scenario = useScenarios();
const at = '2026-03-01 10:00:00.000';
const ad = 'https://shop.example/sale/?utm_source=yandex&utm_medium=cpc';

/** An event as the collector keeps it of somebody who refused: a visitor of its own, and no browser. */
const refused = (id: string, sketch: Partial<EventSketch> = {}): EventSketch => ({
  at,
  id,
  ...sketch,
  who: derivedUuid('anonymous', uuid(id)),
  more: { consent: 'denied', user_agent: '', title: '', ...sketch.more },
});

const hits = (shop: OwnShop, columns = 'happened_at, type, channel') => shop.mart('anonymous_hits', columns);

scenario('a page view of somebody who refused is counted by its source, in no visit and of no person', async (shop) => {
  await shop.events(
    refused('one', { url: ad, referrer: 'https://yandex.ru/' }),
    refused('form', { type: 'form_submit' }),
  );
  await shop.settle();
  expect(await hits(shop, 'type, site, page_host, page, channel, source, medium, is_bot')).toEqual([
    {
      type: 'form_submit',
      channel: '',
      source: '',
      medium: '',
      site: 'demo',
      page_host: 'shop.example',
      page: '/',
      is_bot: false,
    },
    {
      type: 'pageview',
      channel: 'Paid Search',
      source: 'yandex',
      medium: 'cpc',
      site: 'demo',
      page_host: 'shop.example',
      page: '/sale/',
      is_bot: false,
    },
  ]);
  for (const table of ['visits', 'touches', 'leads', 'clients', 'staged_leads'])
    expect(await shop.mart(table)).toEqual([]);
});

scenario('a page reached from within the shop has no channel of its own', async (shop) => {
  await shop.events(refused('inside', { referrer: 'https://shop.example/' }), refused('typed'));
  await shop.settle();
  expect(await hits(shop, 'channel')).toEqual([{ channel: '' }, { channel: 'Direct' }]);
});

scenario('a batch of people who refused counts once, however often and late it comes', async (shop) => {
  const batch = [refused('again', { url: ad }), refused('again-2')];
  await shop.events(...batch);
  await shop.settle();
  await shop.events(...batch, ...batch);
  await shop.settle();
  const late = { received_at: '2026-05-01 10:00:00.000' };
  await shop.events(...batch.map((sketch) => ({ ...sketch, more: { ...sketch.more, ...late } })));
  await shop.settle();
  const counted = await hits(shop);
  expect(counted).toHaveLength(2);
  await shop.rebuild();
  expect(await hits(shop)).toEqual(counted);
});

for (const first of ['earlier', 'later']) {
  scenario(`an event told twice at two instants counts at the earlier when the ${first} comes first`, async (shop) => {
    const two = [refused('clock'), refused('clock', { at: '2026-04-01 10:00:00.000' })];
    for (const sketch of first === 'earlier' ? two : two.toReversed()) {
      await shop.events(sketch);
      await shop.settle();
    }
    expect(await hits(shop)).toEqual([{ happened_at: at, type: 'pageview', channel: 'Direct' }]);
    await shop.rebuild();
    expect(await hits(shop)).toEqual([{ happened_at: at, type: 'pageview', channel: 'Direct' }]);
  });

  scenario(
    `an event of a visitor told as refused too counts as the earlier when the ${first} comes first`,
    async (shop) => {
      const two: EventSketch[] = [
        { who: 'anna', at, id: 'both', more: { phone_hash: hasher.phone('+79000000001') } },
        refused('both', { at: '2026-03-01 10:00:01.000' }),
      ];
      for (const sketch of first === 'earlier' ? two : two.toReversed()) {
        await shop.events(sketch);
        await shop.settle();
      }
      await shop.records(record('client', { source: 'crm', id: 'c1', phones: ['+79000000001'] }));
      await shop.settle();
      expect(await shop.mart('visits', 'events')).toEqual([{ events: 1 }]);
      expect(await hits(shop)).toEqual([]);
    },
  );
}

scenario('forms and orders of people who refused are no requests beside those of other people', async (shop) => {
  await shop.events(
    { who: 'anna', at, type: 'form_submit', more: { form_id: 'callback' } },
    refused('form', { type: 'form_submit', more: { consent: 'denied', form_id: 'callback' } }),
    refused('order', { type: 'purchase', more: { consent: 'denied', order_id: 'A-17' } }),
  );
  await shop.settle();
  for (const table of ['leads', 'clients', 'staged_leads']) expect(await shop.mart(table)).toHaveLength(1);
  expect(await shop.mart('staged_leads', 'visitor')).toEqual([{ visitor: uuid('anna') }]);
});

scenario('a robot that carries the refusal is marked', async (shop) => {
  await shop.events(
    refused('robot', { more: { consent: 'denied', user_agent: 'Mozilla/5.0 (compatible; YandexBot/3.0)' } }),
  );
  await shop.settle();
  expect(await hits(shop, 'is_bot')).toEqual([{ is_bot: true }]);
});
