import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string): string => shop.site.url('shop.test', path);

async function open(page: Page, body: string, path = '/'): Promise<void> {
  shop.page(path.replace(/[?#].*$/, ''), body);
  shop.site.on('/send', () => ({ headers: { 'content-type': 'text/html' }, body: '<!doctype html>Sent' }));
  await page.goto(at(path));
  await shop.settled(page);
}

/** Names and values of our inputs in a form. */
async function inputsOf(page: Page, selector = 'form'): Promise<Record<string, string>> {
  const found: [string, string][] = await page.evaluate(
    `Array.from(document.querySelector('${selector}').querySelectorAll('input[name^=throughline_]'), (input) => [input.name, input.value])`,
  );
  expect(new Set(found.map(([name]) => name)).size).toBe(found.length);
  return Object.fromEntries(found);
}

const submitted = () => shop.events('form_submit').map((event) => event.form);

describe('a submit', () => {
  test.each([
    ['data-throughline-form', '<form data-throughline-form="callback" id="f1" name="n1" method="post">', 'callback'],
    ['its id', '<form id="f1" name="n1" method="post">', 'f1'],
    ['its name', '<form name="n1" method="post">', 'n1'],
    ['its path and number', '<form action="/other"></form><form action="/send?x=1" method="post">', '/send#0'],
    ['its path and number among alike', '<form action="/send"></form><form action="/send" method="post">', '/send#1'],
    ['its own page when it has no action', '<form method="post">', '/#0'],
    ['its id though a field is called id', '<form id="f1" method="post"><input name="id"><input name="action">', 'f1'],
  ])('is told under the form’s name: %s', async (_, form, id) => {
    const { page } = await shop.visitor();
    await open(page, `${form}<button id="go">Go</button></form>`, '/?utm_source=vk');
    await page.evaluate("addEventListener('submit', (event) => event.preventDefault())");
    await page.click('#go');
    await shop.settled(page);
    const name = form.includes('name="n1"') ? 'n1' : '';
    expect(submitted()).toEqual([{ id, name, page: at('/?utm_source=vk') }]);
  });

  test('is told though the page leaves at once, and under the same visit', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form id="order" method="post" action="/send"><button>Go</button></form>');
    await page.click('button');
    await shop.site.until(() => submitted().length === 1, 'the submit arrives');
    expect(submitted()[0]?.id).toBe('order');
    expect(shop.events('form_submit')[0]?.visit).toBe(shop.events('pageview')[0]?.visit);
  });

  test('is told though a handler of the page stops the event', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form id="order"><button>Go</button></form>');
    await page.evaluate(
      "document.addEventListener('submit', (event) => { event.preventDefault(); event.stopImmediatePropagation(); }, true)",
    );
    await page.click('button');
    await shop.settled(page);
    expect(submitted()).toHaveLength(1);
  });

  test('never carries a field of the form', async () => {
    const { page } = await shop.visitor();
    await open(
      page,
      `<form id="order" method="post" action="/send"><input name="name" value="Иван Петров"><input name="phone">
       <input type="password" name="pin" value="s3cret"><textarea name="note">private note</textarea><button>Go</button></form>`,
    );
    await page.fill('input[name=phone]', '+79161234567');
    await page.click('button');
    await shop.site.until(() => submitted().length === 1, 'the submit arrives');
    const sent = shop.deliveries.map(({ request }) => request.body + JSON.stringify(request.headers)).join();
    for (const secret of ['Иван', '79161234567', 's3cret', 'private note']) expect(sent).not.toContain(secret);
  });
});

describe('hidden inputs', () => {
  test('tell the visit, its code, the visitor, the page, the form and the sources', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form id="callback" method="post"></form>', '/?UTM_Source=yandex&yclid=123');
    const ids = await shop.ids(page);
    await page.waitForFunction("document.querySelector('[name=throughline_visit_code]').value");
    expect(await inputsOf(page)).toEqual({
      throughline_visit_code: ids.visit_code,
      throughline_visit: ids.visit,
      throughline_visitor: ids.visitor,
      throughline_page: at('/?UTM_Source=yandex&yclid=123'),
      throughline_form: 'callback',
      throughline_source: 'utm_source=yandex&yclid=123',
      throughline_first_source: 'utm_source=yandex&yclid=123',
      throughline_ym_client_id: '',
      throughline_ga_client_id: '',
    });
    expect(await page.locator('form input:visible').count()).toBe(0);
  });

  test('are there before the code, which comes with the answer', async () => {
    const { page } = await shop.visitor();
    let answer = () => {};
    const answered = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined);
    });
    shop.refuse = () => answered;
    shop.page('/', '<form method="post"></form>');
    await page.goto(at('/'));
    await page.waitForSelector('[name=throughline_visit_code]', { state: 'attached' });
    expect((await inputsOf(page)).throughline_visit_code).toBe('');
    answer();
    await page.waitForFunction("document.querySelector('[name=throughline_visit_code]').value");
    expect((await inputsOf(page)).throughline_visit_code).toBe((await shop.ids(page)).visit_code);
  });

  test('keep the first source, and the last one that is not direct', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form method="post"></form>', '/?utm_source=vk&utm_content=a%26b');
    await page.goto(at('/'), { referer: 'https://yandex.ru/' });
    await shop.settled(page);
    expect(await inputsOf(page)).toMatchObject({
      throughline_first_source: 'utm_source=vk&utm_content=a%26b'.split('&').sort().join('&'),
      throughline_source: 'referrer=yandex.ru',
    });
    await page.context().addInitScript('{ const now = Date.now; Date.now = () => now() + 1860000; }');
    await page.goto(at('/'));
    await shop.settled(page);
    expect((await inputsOf(page)).throughline_source).toBe('referrer=yandex.ru');
  });

  test('say direct for a visitor who has only ever come by himself', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form method="post"></form>');
    expect(await inputsOf(page)).toMatchObject({ throughline_source: 'direct', throughline_first_source: 'direct' });
  });

  test('name no source for a visitor who comes from another host of the shop', async () => {
    const { page } = await shop.visitor();
    shop.page('/', '<form method="post"></form>');
    await page.goto(at('/'), { referer: shop.site.url('blog.shop.test') });
    await shop.settled(page);
    expect(await inputsOf(page)).toMatchObject({ throughline_source: '', throughline_first_source: '' });
  });

  test('come into forms added later and return when the form is drawn anew', async () => {
    const { page } = await shop.visitor();
    await open(page, '<div id="popup"></div>');
    const popup = "document.querySelector('#popup').innerHTML = '<p><form id=late method=post></form></p>'";
    for (let time = 0; time < 2; time++) {
      await page.evaluate(popup);
      await page.waitForSelector('#late [name=throughline_visit]', { state: 'attached' });
      expect((await inputsOf(page, '#late')).throughline_form).toBe('late');
    }
  });

  test('use the inputs the site has put there itself', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form method="post"><input type="hidden" name="throughline_visit"></form>');
    const inputs = await inputsOf(page);
    expect(Object.keys(inputs)).toHaveLength(9);
    expect(inputs.throughline_visit).toBe((await shop.ids(page)).visit);
  });

  test('come back into the inputs of the site when it empties its form', async () => {
    const { page } = await shop.visitor();
    await open(
      page,
      '<form method="post"><input name="throughline_visit_code" style="display:none"><input name="phone"></form>',
    );
    const { visit_code: code } = await shop.ids(page);
    const filled = `document.querySelector('[name=throughline_visit_code]').value === '${code}'`;
    await page.waitForFunction(filled);
    await page.evaluate("document.querySelector('form').reset(); document.body.append('sent')");
    await page.waitForFunction(filled);
  });

  test('follow the page of a single-page site', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form method="post"></form>');
    await page.evaluate("history.pushState({}, '', '/cart')");
    await page.waitForFunction(`document.querySelector('[name=throughline_page]').value === '${at('/cart')}'`);
  });

  test('follow a visit that another tab has begun', async () => {
    const { page, context } = await shop.visitor();
    await open(page, '<form method="post"></form>');
    const before = (await inputsOf(page)).throughline_visit;
    const tab = await context.newPage();
    await tab.goto(at('/?utm_source=vk'));
    await shop.settled(tab);
    await page.waitForFunction(`document.querySelector('[name=throughline_visit]').value !== '${before}'`);
    expect((await inputsOf(page)).throughline_visit).toBe((await inputsOf(tab)).throughline_visit);
  });

  test.each([
    ['goes to another origin', '<form method="post" action="https://forms.example.test/in"></form>'],
    ['goes to a subdomain of the shop', '<form method="post" action="//crm.shop.test/in"></form>'],
    ['is mailed', '<form method="post" action="mailto:shop@shop.test"></form>'],
    ['has no readable action', '<form method="post" action="http://["></form>'],
    ['is written into the address', '<form method="GET" action="/search"></form>'],
  ])('do not come into a form that %s', async (_, form) => {
    const { page } = await shop.visitor();
    await open(page, form);
    expect(await inputsOf(page)).toEqual({});
  });

  test('come into a form whose action is only a script', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form action="javascript:void(0)"></form>');
    expect(Object.keys(await inputsOf(page))).toHaveLength(9);
  });

  test('leave a form that turns to another origin', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form method="post" action="/send"></form>');
    await page.evaluate(
      "document.forms[0].action = 'https://forms.example.test/in'; throughline('goal'); document.body.append('x')",
    );
    await page.waitForFunction("!document.querySelector('form input')");
  });

  test('go with the form to the site', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form method="post" action="/send"><input name="phone" value="1"><button>Go</button></form>');
    await Promise.all([page.waitForURL(at('/send')), page.click('button')]);
    const sent = new URLSearchParams(shop.site.seen.find(({ path }) => path === '/send')?.body);
    expect(sent.get('phone')).toBe('1');
    expect(sent.get('throughline_visit')).toBe(shop.events('pageview')[0]?.visit);
  });

  test('stay out of the address when a form without a method is sent by the browser', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form action="/send"><input name="q" value="boots"><button>Go</button></form>');
    await Promise.all([page.waitForURL(/send/), page.click('button')]);
    expect(page.url()).toBe(at('/send?q=boots'));
  });

  test('stay out of what a button sends to another origin', async () => {
    const { page } = await shop.visitor();
    await open(
      page,
      `<form method="post" action="/send"><input name="q" value="boots">
       <button formaction="${shop.site.url('bank.test', '/send')}">Pay</button></form>`,
    );
    await Promise.all([page.waitForURL(/bank/), page.click('button')]);
    expect(shop.site.seen.find(({ host, path }) => host === 'bank.test' && path === '/send')?.body).toBe('q=boots');
  });

  test('are there for a script that takes over the submit of a form without a method', async () => {
    const { page } = await shop.visitor();
    await open(page, '<form><button>Go</button></form>');
    await page.evaluate(`document.forms[0].onsubmit = async (event) => {
      event.preventDefault();
      const count = () => Array.from(new FormData(event.target).keys()).length;
      const atOnce = count();
      await new Promise((resolve) => setTimeout(resolve));
      window.sent = [atOnce, count()];
    }`);
    await page.click('button');
    await page.waitForFunction('window.sent');
    expect(await page.evaluate('sent')).toEqual([9, 9]);
  });
});
