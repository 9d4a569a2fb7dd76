import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string, host = 'shop.test'): string => shop.site.url(host, path);

async function open(page: Page, body = '', attributes = ''): Promise<void> {
  shop.page('/', body, shop.tag(attributes));
  await page.goto(at('/?utm_source=vk'));
  await shop.settled(page);
}

describe('on every page', () => {
  test('links to phones, mail, messengers, files and other sites are told, and messengers get the visit code', async () => {
    const { page } = await shop.visitor();
    const links = [
      'tel:+74951234567',
      'mailto:a@shop.test',
      'https://t.me/shop_bot',
      'https://t.me/other_bot?start=own',
      'https://wa.me/79161234567?text=Hi',
      'viber://chat?number=79161234567',
      'https://vk.me/shop',
      '/price.pdf',
      'https://maps.test/shop',
    ];
    await open(page, links.map((href) => `<a href="${href}">x</a>`).join(''));
    const { visit_code: code } = await shop.ids(page);
    await page.evaluate(`{
      addEventListener('click', (event) => event.preventDefault());
      for (const link of document.links) link.click();
      document.links[2].click();
    }`);
    await shop.settled(page);
    expect(
      shop
        .events()
        .map(({ type }) => type)
        .slice(1),
    ).toEqual([
      'call_click',
      'mail_click',
      'messenger_click',
      'messenger_click',
      'messenger_click',
      'messenger_click',
      'messenger_click',
      'download',
      'outbound',
      'messenger_click',
    ]);
    expect(shop.events('call_click')[0]?.props).toEqual({ href: 'tel:+74951234567' });
    const after: string[] = await page.evaluate('Array.from(document.links, (link) => decodeURIComponent(link.href))');
    expect(after.slice(2, 7)).toEqual([
      `https://t.me/shop_bot?start=${code}`,
      'https://t.me/other_bot?start=own',
      `https://wa.me/79161234567?text=Hi+№+${code}`,
      `viber://chat?number=79161234567&text=№+${code}`,
      `https://vk.me/shop?ref=${code}`,
    ]);
  });

  test('the visit code is shown where the page asks for it, also in a place added later', async () => {
    const { page } = await shop.visitor();
    await open(page, '<b data-throughline-code>…</b>');
    const { visit_code: code } = await shop.ids(page);
    await page.waitForFunction(`document.querySelector('b').textContent === '${code}'`);
    await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<i data-throughline-code></i>')");
    await page.waitForFunction(`document.querySelector('i').textContent === '${code}'`);
  });

  test('forms carry the ids of Metrica and Google and the names the site asks for', async () => {
    const { page, context } = await shop.visitor();
    await context.addCookies([
      { name: '_ym_uid', value: '1767225600123', url: at('/') },
      { name: '_ga', value: 'GA1.1.111.222', url: at('/') },
    ]);
    await open(page, '<form method="post"></form>', 'data-roistat data-inputs="UF_CRM_1=visitor"');
    const ids = await shop.ids(page);
    await page.waitForFunction(`document.querySelector('[name=roistat_visit]').value === '${ids.visit_code}'`);
    const value = (name: string) => page.inputValue(`[name=${name}]`);
    expect(await value('throughline_ym_client_id')).toBe('1767225600123');
    expect(await value('throughline_ga_client_id')).toBe('111.222');
    expect(await value('UF_CRM_1')).toBe(ids.visitor);
  });

  test('a form that a script sends after a click on its button is told once; other requests are not', async () => {
    const { page } = await shop.visitor();
    shop.site.on('/lead', () => ({ body: 'ok' }));
    await open(page, '<form id="quick" method="post"><input name="phone"><button type="button">Go</button></form>');
    await page.evaluate("fetch('/lead', { method: 'POST', body: 'before' })");
    await page.click('input');
    await page.evaluate("fetch('/lead', { method: 'POST', body: 'a hint for the field' })");
    await page.evaluate(
      "document.querySelector('button').onclick = () => { for (let time = 0; time < 2; time++) { const request = new XMLHttpRequest(); request.open('POST', '/lead'); request.send('phone=1'); } }",
    );
    await page.click('button');
    await shop.settled(page);
    expect(shop.events('form_submit').map(({ form }) => form?.id)).toEqual(['quick']);
  });

  test('the data layer of Yandex and of Google is read, what it held before too', async () => {
    const { page } = await shop.visitor();
    const before = `<script>window.dataLayer = [{ ecommerce: { detail: { products: [{ id: 'a', name: 'Boots', price: 990.5 }] } } }]</script>`;
    shop.page('/', '', before + shop.tag());
    await page.goto(at('/'));
    await shop.settled(page);
    await page.evaluate(`{
      dataLayer.push(null, { event: 'scroll' }, { ecommerce: { currencyCode: 'RUB', add: { products: [{ id: 'a', quantity: 2 }] } } });
      dataLayer.push({ event: 'begin_checkout', ecommerce: { items: [{ item_id: 'b', item_name: 'Coat', price: 10 }] } });
      (function () { dataLayer.push(arguments); })('event', 'purchase', { transaction_id: 'A-17', value: 1981, currency: 'RUB', items: [{ item_id: 'b' }] });
      dataLayer.push({ ecommerce: { currencyCode: 'RUB', purchase: { actionField: { id: 'A-18', revenue: 990 }, products: [{ id: 'a' }] } } });
    }`);
    await shop.settled(page);
    const told = shop.events().slice(1);
    expect(told.map(({ type }) => type)).toEqual(['product_view', 'add_to_cart', 'checkout', 'purchase', 'purchase']);
    expect(told[0]?.items?.[0]).toMatchObject({ id: 'a', name: 'Boots' });
    expect(told[2]?.items?.[0]).toMatchObject({ id: 'b', name: 'Coat' });
    expect(told.slice(3).map(({ order }) => order?.id)).toEqual(['A-17', 'A-18']);
    expect(shop.deliveries.map(({ request }) => request.body).join()).toContain('"amount":1981,"currency":"RUB"');
  });
});

describe('consent', () => {
  test('while it is pending nothing is kept and nothing leaves; granted, the first touch goes with its own time', async () => {
    const { page, context } = await shop.visitor();
    shop.page('/', '', shop.tag('data-consent="pending"'));
    await page.goto(at('/?utm_source=vk'));
    await page.waitForFunction('window.throughline && throughline.isLoaded');
    await page.evaluate("throughline('goal')");
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 400))');
    expect(shop.deliveries).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    const grantedAtMs = await page.evaluate("throughline('consent', 'granted'); Date.now()");
    await shop.settled(page);
    const [first] = shop.events('pageview');
    expect(first?.url).toBe(at('/?utm_source=vk'));
    expect(first?.ts).toBeLessThan(Number(grantedAtMs) - 300);
    expect(shop.deliveries[0]?.visitor).toBe((await shop.ids(page)).visitor);
    expect((await context.cookies()).map(({ name }) => name)).toContain('tl_visitor');
  });

  test('denied, events carry no person, what was kept is deleted, and the next page remembers', async () => {
    const { page, context } = await shop.visitor();
    await open(page);
    await page.evaluate("throughline('consent', 'denied'); throughline('identify', { phone: '+79161234567' })");
    await page.evaluate("throughline('goal', { props: { fence: 'own' } })");
    await shop.site.until(() => shop.deliveries.some(({ consent }) => consent === 'denied'), 'a denied batch arrives');
    const denied = shop.deliveries.filter(({ consent }) => consent === 'denied');
    expect(denied.map(({ visitor, events }) => [visitor, events.map(({ visit, user }) => visit ?? user)])).toEqual(
      denied.map(({ events }) => ['', events.map(() => undefined)]),
    );
    expect((await context.cookies()).map(({ name }) => name)).toEqual(['tl_visitor']);
    await page.goto(at('/'));
    await shop.site.until(() => shop.events('pageview').length === 2, 'the second page arrives');
    expect(shop.deliveries.at(-1)?.visitor).toBe('');
  });

  test('after opt_out nothing leaves any more but the refusal, which lets the collector delete its cookie', async () => {
    const { page } = await shop.visitor();
    await open(page);
    const before = shop.deliveries.length;
    await page.evaluate("throughline('consent', 'opt_out'); throughline('goal')");
    await page.goto(at('/'));
    await page.waitForFunction('window.throughline && throughline.isLoaded');
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 400))');
    expect(shop.events().map(({ type }) => type)).toEqual(['pageview']);
    const sent = shop.deliveries.slice(before);
    expect(sent.map(({ consent, visitor, events }) => [consent, visitor, events])).toEqual([['denied', '', []]]);
  });

  test('without cookies the collector tells the visit, and nothing of it is kept', async () => {
    const { page, context } = await shop.visitor();
    await open(page, '', 'data-cookieless');
    expect(shop.deliveries[0]).toMatchObject({ cookieless: true, visitor: '' });
    expect(shop.events()[0]?.visit).toBeUndefined();
    await expect.poll(async () => (await shop.ids(page)).visit_code).toMatch(/^\d+$/);
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });
});

describe('on a page that has something for it, the tag', () => {
  test('replaces numbers in texts and links in their own format, as the collector says', async () => {
    const { page } = await shop.visitor();
    shop.refuse = ({ events }) => ({
      body: JSON.stringify({
        visit: events[0]?.visit,
        visit_code: '424',
        numbers: { '84951234567': '74957654321', '74951234567': '74957654321', '79990000000': '70000000000' },
      }),
    });
    shop.page(
      '/',
      '<p>8 (495) <b>123</b>-45-67, 8 800 555-35-35, order 4951234567</p><a href="tel:+74951234567">+7 495 123-45-67</a>',
      shop.tag('data-calls'),
    );
    await page.goto(at('/'));
    await page.waitForFunction("document.querySelector('a').textContent === '+7 495 765-43-21'");
    expect(await page.textContent('p')).toBe('8 (495) 765-43-21, 8 800 555-35-35, order 4951234567');
    expect(await page.getAttribute('a', 'href')).toBe('tel:+74957654321');
    expect([...(shop.deliveries[0]?.numbers ?? [])].sort()).toEqual(['74951234567', '84951234567', '88005553535']);
  });

  test('changes nothing in the page before it is complete; a form that is sent before takes our fields all the same', async () => {
    const { page } = await shop.visitor();
    let complete = () => {};
    shop.site.on('/late.png', () => new Promise((resolve) => (complete = () => resolve({ status: 404 }))));
    const form = '<form method="post" action="/sent" target="other"><input name="phone"><button>Go</button></form>';
    shop.page('/sent', '', '');
    shop.page('/', `${form}<iframe name="other"></iframe><b data-throughline-code>–</b><img src="/late.png">`);
    await page.goto(at('/'), { waitUntil: 'commit' });
    await shop.settled(page);
    expect(shop.site.seen.map(({ path }) => path)).not.toContain('/t-more.js');
    await page.focus('input');
    await shop.site.until(
      () => shop.site.seen.some(({ path }) => path === '/t-more.js'),
      'the second script is asked for',
    );
    await shop.settled(page);
    expect([await page.locator('.throughline').count(), await page.textContent('b')]).toEqual([0, '–']);
    await page.click('button');
    const sent = () => shop.site.seen.find(({ path, method }) => path === '/sent' && method === 'POST');
    await shop.site.until(() => sent() !== undefined, 'the form arrives');
    expect(new URLSearchParams(sent()?.body).get('throughline_visit')).toBe(shop.events('pageview')[0]?.visit);
    complete();
    await page.waitForSelector('.throughline', { state: 'attached' });
  });

  test.each([
    ['never complete', '<img src="/never.png">', ''],
    ['slow to bring the second script', '', 'data-more=""'],
  ])('asks for the numbers of a page that is %s', async (_, picture, attributes) => {
    const { page } = await shop.visitor();
    shop.site.on('/never.png', () => new Promise(() => {}));
    shop.refuse = ({ numbers }) => ({
      body: JSON.stringify({ numbers: Object.fromEntries((numbers ?? []).map((number) => [number, '74957654321'])) }),
    });
    shop.page('/', `<p>8 (495) 123-45-67</p>${picture}`, shop.tag(`data-calls ${attributes}`));
    await page.goto(at('/'), { waitUntil: 'commit' });
    await shop.site.until(() => shop.deliveries.length > 0, 'the page arrives');
    if (attributes !== '') await page.addScriptTag({ url: at('/t-more.js', 'stats.shop.test') });
    await page.waitForFunction("document.querySelector('p').textContent === '8 (495) 765-43-21'");
  });

  test('hashes in a secure context what everybody hashes alike', async () => {
    const { page } = await shop.visitor();
    const host = `localhost:${shop.site.port}`;
    const tag = `<script async src="http://${host}/t.js" data-site="${shop.siteKey}"></script>`;
    shop.page(
      '/',
      '<form method="post" data-throughline-contacts><input type="tel" value="8 (916) 123-45-67"><input value=" A@B.ru "><button>Go</button></form>',
      tag,
    );
    await page.goto(`http://${host}/`);
    await shop.settled(page);
    await page.waitForFunction(
      "!document.querySelector('script[src$=more]') && document.querySelector('script[src*=more]')",
    );
    await page.evaluate("addEventListener('submit', (event) => event.preventDefault())");
    await shop.settled(page);
    await page.click('button');
    await shop.site.until(() => shop.events('identify').length === 1, 'the hashes arrive');
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(shop.events('identify')[0]?.user).toEqual({
      phone_hash: sha256('+79161234567'),
      email_hash: sha256('a@b.ru'),
    });
  });

  test('tells an order of the data layer and of a call under one number, which the stages count once', async () => {
    const { page } = await shop.visitor();
    await open(
      page,
      "<script>dataLayer = [{ event: 'purchase', ecommerce: { transaction_id: 'A-17', value: 1981, currency: 'RUB', items: [{ item_id: 'b' }] } }]</script>",
    );
    await page.evaluate("throughline('purchase', { order: { id: 'A-17', amount: 1981, currency: 'RUB' } })");
    await shop.site.until(() => shop.events('purchase').length === 2, 'both arrive');
    expect(shop.events('purchase').map(({ order }) => order?.id)).toEqual(['A-17', 'A-17']);
  });

  test('hashes phone and e-mail of a form that asks for it, and of no other', async () => {
    const { page } = await shop.visitor();
    const fields =
      '<input name="phone" value="8 (916) 123-45-67"><input name="mail" value=" A@B.ru "><button>Go</button>';
    await open(
      page,
      `<form id="one" method="post">${fields}</form><form id="two" method="post" data-throughline-contacts>${fields}</form>`,
    );
    // A page on plain http has no crypto.subtle; the fixture hosts are such.
    await page.evaluate(`{
      addEventListener('submit', (event) => event.preventDefault());
      Object.defineProperty(crypto, 'subtle', { value: { digest: async (_, bytes) => { window.hashed = (window.hashed || []).concat(new TextDecoder().decode(bytes)); return new Uint8Array(32).buffer; } } });
    }`);
    await page.click('#one button');
    await page.click('#two button');
    await shop.site.until(() => shop.events('identify').length === 1, 'the hashes arrive');
    expect(await page.evaluate('hashed')).toEqual(['+79161234567', 'a@b.ru']);
    expect(shop.events('identify')[0]?.user).toEqual({ phone_hash: '0'.repeat(64), email_hash: '0'.repeat(64) });
  });

  test('tells the forms of Bitrix24 and the contacts left to Jivo, and gives both our ids', async () => {
    const { page } = await shop.visitor();
    await open(page);
    await page.evaluate(`{
      window.given = {};
      const object = { identification: { id: 7 }, setProperty: (name, value) => { given[name] = value; } };
      for (const name of ['init', 'view', 'send:success']) dispatchEvent(new CustomEvent('b24:form:' + name, { detail: { object } }));
      window.jivo_api = { setUserToken: (token) => { given.token = token; } };
      document.body.append('widget');
    }`);
    await page.waitForFunction('given.token');
    await page.evaluate('jivo_onIntroduction()');
    await shop.settled(page);
    const ids = await shop.ids(page);
    expect(await page.evaluate('given')).toMatchObject({ token: ids.visitor, throughline_visit_code: ids.visit_code });
    expect(shop.events().map(({ type, form }) => [type, form?.id])).toEqual([
      ['pageview', undefined],
      ['form_view', 'b24_7'],
      ['form_submit', 'b24_7'],
      ['form_submit', 'jivo_onIntroduction'],
    ]);
  });

  test('carries the visitor to another domain of the shop for ten minutes, and takes the mark out of the address', async () => {
    const { page, context } = await shop.visitor();
    const tag = shop.tag('data-domains="shop.test other.test"');
    shop.page('/', `<a href="${at('/', 'other.test')}">x</a>`, tag);
    await page.goto(at('/'));
    await shop.settled(page);
    const ids = await shop.ids(page);
    await Promise.all([page.waitForURL(/other/), page.click('a')]);
    await shop.settled(page);
    expect(await shop.ids(page)).toMatchObject({ visitor: ids.visitor, visit: ids.visit });
    await page.waitForURL(at('/', 'other.test'));
    const late = await context.newPage();
    await late.goto(at('/', 'third.test'));
    expect((await shop.ids(late)).visitor).not.toBe(ids.visitor);
  });

  test('tells how long the page was seen, a page that was not found, and a form that came into view', async () => {
    const { page } = await shop.visitor();
    shop.site.on('/gone', () => ({
      status: 404,
      headers: { 'content-type': 'text/html' },
      body: `<!doctype html>${shop.tag()}<form id="back" method="post"><input name="phone"></form>`,
    }));
    await page.goto(at('/gone'));
    await shop.settled(page);
    expect(shop.events('pageview')[0]?.props).toEqual({ status: 404 });
    await shop.site.until(() => shop.events('form_view').length === 1, 'the view arrives');
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 1100))');
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))");
    await shop.site.until(() => shop.events('engagement').length === 1, 'the time arrives');
    expect(Number(shop.events('engagement')[0]?.props?.engaged_ms)).toBeGreaterThan(1000);
  });

  test('takes Global Privacy Control as a refusal where the site says so', async () => {
    const { page } = await shop.visitor();
    await page.addInitScript("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })");
    await open(page, '', 'data-gpc');
    expect(shop.deliveries.every(({ consent, visitor }) => consent === 'denied' && visitor === '')).toBe(true);
  });

  test('is an ES module too', async () => {
    const { page } = await shop.visitor();
    const script = `<script type="module">import { start, throughline as call } from '${at('/tracker.js', 'stats.shop.test')}';
      start({ site: '${shop.siteKey}', endpoint: '${at('/collect', 'stats.shop.test')}' }); call('checkout');</script>`;
    shop.page('/', '', script);
    await page.goto(at('/'));
    await shop.settled(page);
    expect(shop.events().map(({ type }) => type)).toEqual(['pageview', 'checkout']);
  });
});
