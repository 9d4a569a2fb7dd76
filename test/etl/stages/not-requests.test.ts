import { expect, test } from 'vitest';
import { form, order } from './request-sketches.ts';
import { useShops } from './shop.ts';

const openShop = useShops();

test('forms that the shop does not have for requests are events and no requests', async () => {
  const shop = openShop({ notRequests: ['/cart/add*', 'Site.Search'] });
  await shop.events(
    form('10:00:00', 'callback'),
    form('10:01:00', '/cart/add#7'),
    form('10:02:00', 'site.search'),
    form('10:03:00', 'site-search'),
    form('10:04:00', '/cart'),
    order('12:00:00', 'A-1'),
  );
  await shop.settle();
  const requests = () => shop.mart('leads', 'form_id', 'form_id');
  const counting = ['', '/cart', 'callback', 'site-search'].map((form_id) => ({ form_id }));
  expect(await requests()).toEqual(counting);
  expect(await shop.mart('visits', 'events', 'started_at')).toEqual([{ events: 5 }, { events: 1 }]);
  await shop.rebuild({ notRequests: ['callback'] });
  expect(await requests()).toEqual(
    ['', '/cart', '/cart/add#7', 'site-search', 'site.search'].map((form_id) => ({ form_id })),
  );
});
