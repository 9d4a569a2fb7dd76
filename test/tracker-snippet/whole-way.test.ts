import { afterAll, beforeAll, expect, test } from 'vitest';
import { totals } from '../app/support/ask.ts';
import { waitFor } from '../app/support/wait-for.ts';
import { openRealCollector, type RealCollector } from './real-collector.ts';

const callTracking = `call_tracking:
  pools:
    - { name: ads, replace: "+7 495 123-45-67", numbers: ["+7 495 765-43-21"], sources: [vk] }
`;

let real: RealCollector;

beforeAll(async () => {
  real = await openRealCollector(callTracking);
});
afterAll(() => real.close());

const at = (path: string): string => real.shop.site.url('shop.test', path);

/** A buyer: sees the page of an ad with a number of his own, leaves a request, orders. Tells who he is. */
async function buy(): Promise<{ visitor: string; visit: string; visit_code: string }> {
  const { shop } = real;
  const body = `<a href="tel:+74951234567">+7 (495) 123-45-67</a><b data-throughline-code></b>
    <form id="callback" method="post" action="/thanks"><input name="phone"><button>Go</button></form>`;
  shop.page('/', body, real.tag('data-calls'));
  shop.page('/thanks', body, `<script>window.dataLayer = []</script>${real.tag('data-calls')}`);
  const { page } = await shop.visitor();
  await page.goto(at('/?utm_source=vk&utm_medium=cpc'));
  await page.waitForFunction("document.querySelector('a').textContent === '+7 (495) 765-43-21'");
  expect(await page.getAttribute('a', 'href')).toBe('tel:+74957654321');
  const ids = await shop.ids(page);
  await page.waitForFunction(`document.querySelector('b').textContent === '${ids.visit_code}'`);
  await Promise.all([page.waitForURL(at('/thanks')), page.click('button')]);
  const sent = new URLSearchParams(
    shop.site.seen.find(({ path, method }) => path === '/thanks' && method === 'POST')?.body,
  );
  expect(sent.get('throughline_visit_code')).toBe(ids.visit_code);
  await page.waitForFunction('window.throughline && throughline.isLoaded');
  await page.evaluate(`dataLayer.push({ event: 'purchase', ecommerce: {
    transaction_id: 'A-17', value: 1990.5, currency: 'RUB', items: [{ item_id: 'boots', item_name: 'Boots', price: 1990.5, quantity: 1 }],
  } })`);
  await page.goto(at('/bare'));
  return ids;
}

/** Somebody who has refused, somebody who has not decided yet, and somebody who wants to be known for a day only. */
async function passBy(): Promise<void> {
  const { shop } = real;
  for (const [path, attributes] of [
    ['/refused', 'data-consent="denied"'],
    ['/undecided', 'data-consent="pending"'],
    ['/cookieless', 'data-cookieless'],
  ] as const) {
    shop.page(path, '', real.tag(attributes));
    const { page, context } = await shop.visitor();
    await page.goto(at(path));
    await page.waitForFunction('window.throughline && throughline.isLoaded');
    await page.goto(at('/bare'));
    expect(await context.cookies()).toEqual([]);
  }
}

test('what a page tells by the tag is counted by the product: a request with its order, a leased number, a refusal', async () => {
  const { shop, product } = real;
  shop.page('/bare', '', '');
  const ids = await buy();
  await passBy();

  const counted = () => totals(product.url, 'pageviews,visitors,leads,anonymous_pageviews');
  const isThere = async () => {
    const { pageviews, anonymous_pageviews: anonymous, leads } = await counted();
    return Number(pageviews) >= 3 && Number(anonymous) >= 1 && Number(leads) >= 1;
  };
  await waitFor('the pages to be counted', isThere);
  await waitFor(
    'the order to be there',
    async () => (await product.warehouse.query("SELECT 1 FROM leads FINAL WHERE order_id = 'A-17'")).length > 0,
  );
  expect(await counted()).toEqual({ pageviews: 3, visitors: 2, leads: 1, anonymous_pageviews: 1 });
  expect(
    await totals(product.url, 'visits,leads', {
      filters: JSON.stringify([{ field: 'channel', op: 'eq', value: 'Paid Social' }]),
    }),
  ).toEqual({ visits: 1, leads: 1 });

  const events = await product.warehouse.query<Record<string, unknown>>(
    `SELECT DISTINCT type, visit_id AS visit, toString(visit_code) AS code, form_id, order_id, toString(order_amount) AS amount, order_currency AS currency
     FROM raw_events WHERE visitor_id = {visitor:UUID} AND type IN ('form_submit', 'purchase') ORDER BY type`,
    { visitor: ids.visitor },
  );
  const own = { visit: ids.visit, code: ids.visit_code };
  expect(events).toEqual([
    { type: 'form_submit', ...own, form_id: 'callback', order_id: '', amount: null, currency: '' },
    { type: 'purchase', ...own, form_id: '', order_id: 'A-17', amount: '1990.5', currency: 'RUB' },
  ]);
  const leases = await product.warehouse.query(
    'SELECT DISTINCT pool, number, visit_id AS visit FROM number_leases FINAL',
  );
  expect(leases).toEqual([{ pool: 'ads', number: '74957654321', visit: ids.visit }]);
  const marked = await product.warehouse.query(
    "SELECT path(url) AS page, consent FROM raw_events WHERE consent != '' OR path(url) = '/undecided' ORDER BY page",
  );
  expect(marked).toEqual([
    { page: '/cookieless', consent: 'cookieless' },
    { page: '/refused', consent: 'denied' },
  ]);
  expect(await product.warehouse.query('SELECT * FROM rejected')).toEqual([]);
});
