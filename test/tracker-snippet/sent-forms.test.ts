import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';
import { complaintsOf, passed } from './watch-page.ts';
import { wholeTag } from './whole-tag.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string, host = 'shop.test'): string => shop.site.url(host, path);

async function open(body = ''): Promise<Page> {
  const { page } = await shop.visitor();
  shop.page('/', body, wholeTag(shop));
  shop.page('/sent', '', wholeTag(shop));
  await page.goto(at('/'));
  await shop.settled(page);
  return page;
}

const told = (): (string | undefined)[] => shop.events('form_submit').map(({ form }) => form?.id);

/** What the shop's server was given. */
const received = (method = 'POST') =>
  shop.site.seen.filter((seen) => seen.path.startsWith('/sent') && seen.method === method);

const quick = (attributes: string, button = '<button>Go</button>') =>
  `<form id="quick" ${attributes}><input name="phone" value="1">${button}</form>`;

describe('a form is told once, and goes with our inputs,', () => {
  async function expectTold(page: Page): Promise<void> {
    await page.waitForURL(at('/sent'));
    await shop.settled(page);
    expect(told()).toEqual(['quick']);
    const fields = new URLSearchParams(received()[0]?.body);
    expect(fields.get('phone')).toBe('1');
    expect(fields.get('throughline_visit')).toBe(shop.events('pageview')[0]?.visit);
    expect(fields.get('throughline_form')).toBe('quick');
  }

  test('when it is put into the page and sent in the same moment', async () => {
    const page = await open('<div></div>');
    const form = quick('method="post" action="/sent"');
    await page.evaluate(`document.querySelector('div').innerHTML = '${form}'; document.forms.quick.requestSubmit()`);
    await expectTold(page);
  });

  test('when it is sent by Enter', async () => {
    const page = await open(quick('method="post" action="/sent"'));
    await page.press('[name=phone]', 'Enter');
    await expectTold(page);
  });

  test('when a script sends it by submit()', async () => {
    const page = await open(quick('method="post" action="/sent"', '<button type="button">Go</button>'));
    await page.evaluate("document.querySelector('button').onclick = () => document.forms.quick.submit()");
    await page.click('button');
    await expectTold(page);
  });

  test('when a script takes the submit over and calls submit() after a check', async () => {
    const page = await open(quick('method="post" action="/sent"'));
    await page.evaluate(`document.forms.quick.onsubmit = (event) => {
      event.preventDefault();
      setTimeout(() => document.forms.quick.submit());
    }`);
    await page.click('button');
    await expectTold(page);
  });
});

describe('a form that a script sends by itself is told once', () => {
  const senders: [string, string][] = [
    ['fetch', "fetch('/sent', { method: 'POST', body: new FormData(form) })"],
    ['fetch of a Request', "fetch(new Request('/sent', { method: 'POST', body: new FormData(form) }))"],
    [
      'XMLHttpRequest',
      "{ const request = new XMLHttpRequest(); request.open('POST', '/sent'); request.send(new FormData(form)); }",
    ],
  ];

  test.each(senders)('by %s, after a click on a button of any type', async (_, send) => {
    const page = await open(quick('', '<button type="button">Go</button>'));
    await page.evaluate(`{
      const form = document.forms.quick;
      document.querySelector('button').onclick = () => { ${send} };
    }`);
    await page.click('button');
    await shop.site.until(() => received().length === 1, 'the form arrives');
    await shop.settled(page);
    expect(told()).toEqual(['quick']);
    expect(received()[0]?.body).toContain(shop.events('pageview')[0]?.visit);
  });

  test.each(senders)('by %s, in place of its submit', async (_, send) => {
    const page = await open(quick(''));
    await page.evaluate(`{
      const form = document.forms.quick;
      form.onsubmit = (event) => { event.preventDefault(); ${send} };
    }`);
    await page.click('button');
    await shop.site.until(() => received().length === 1, 'the form arrives');
    await shop.settled(page);
    expect(told()).toEqual(['quick']);
  });
});

describe('no form is told', () => {
  test('when the browser finds a field wrong, though other scripts send something just then', async () => {
    const page = await open(
      '<form id="quick" method="post" action="/sent"><input name="phone" required><button>Go</button></form>',
    );
    await page.evaluate(
      "addEventListener('click', () => fetch('/passed', { method: 'POST', body: 'a click of another counter' }))",
    );
    await page.click('button');
    await passed(page);
    await shop.settled(page);
    expect(told()).toEqual([]);
    await page.fill('[name=phone]', '1');
    await Promise.all([page.waitForURL(at('/sent')), page.click('button')]);
    await shop.settled(page);
    expect(told()).toEqual(['quick']);
  });

  test.each([
    ['its method is get', 'method="get" action="/sent"'],
    ['the browser writes it into the address', 'action="/sent"'],
  ])('when it is a search: %s', async (_, attributes) => {
    const page = await open(quick(attributes));
    await Promise.all([page.waitForURL(/sent/), page.click('button')]);
    await shop.settled(page);
    expect(told()).toEqual([]);
  });

  test('when a counter of somebody else sends something after a click on a button of it', async () => {
    const page = await open(quick('method="post"', '<button type="button" id="plus">+</button><button>Buy</button>'));
    await page.evaluate(
      "document.querySelector('#plus').onclick = () => fetch('/passed', { method: 'POST', body: 'a heat map' })",
    );
    await page.click('#plus');
    await passed(page);
    await shop.settled(page);
    expect(told()).toEqual([]);
  });

  test('when a button outside of forms sends something', async () => {
    const page = await open(`${quick('method="post"')}<button id="like">Like</button>`);
    await page.evaluate(
      "document.querySelector('#like').onclick = () => fetch('/passed', { method: 'POST', body: 'like' })",
    );
    await page.click('#like');
    await passed(page);
    await shop.settled(page);
    expect(told()).toEqual([]);
  });
});

test('our inputs stay out of the address when a script calls submit() of a form without a method', async () => {
  const page = await open(quick('action="/sent"', '<button type="button">Go</button>'));
  await page.evaluate("document.querySelector('button').onclick = () => document.forms.quick.submit()");
  await Promise.all([page.waitForURL(/sent/), page.click('button')]);
  expect(page.url()).toBe(at('/sent?phone=1'));
});

test('our inputs stay out of the address when a handler keeps the submit to itself', async () => {
  const page = await open(quick('action="/sent"'));
  await page.waitForSelector('.throughline', { state: 'attached' });
  await page.evaluate("document.forms.quick.addEventListener('submit', (event) => event.stopPropagation())");
  await Promise.all([page.waitForURL(/sent/), page.click('button')]);
  expect(page.url()).toBe(at('/sent?phone=1'));
});

test.each([
  ['fields without names', '<input id="phone" value="1">', "JSON.stringify({ tel: '1' })", ['quick']],
  ['names in brackets', '<input name="lead[phone]" value="1">', "'lead%5Bphone%5D=1'", ['quick']],
  ['a short name that any body has', '<input name="id" type="hidden" value="1">', '\'{"events":[{"id":1}]}\'', []],
])('a body sent after a click, beside %s', async (_, field, body, expected) => {
  const page = await open(`<form id="quick" method="post">${field}<button type="button">Go</button></form>`);
  await page.evaluate(
    `document.querySelector('button').onclick = () => fetch('/passed', { method: 'POST', body: ${body} })`,
  );
  await page.click('button');
  await passed(page);
  await shop.settled(page);
  expect(told()).toEqual(expected);
});

test('our inputs stay out of the address when a button asks for get', async () => {
  const page = await open(quick('method="post" action="/sent"', '<button formmethod="get">Go</button>'));
  await page.waitForSelector('.throughline', { state: 'attached' });
  await Promise.all([page.waitForURL(/sent/), page.click('button')]);
  expect(page.url()).toBe(at('/sent?phone=1'));
});

test('a form inside a shadow root is left alone: it is sent as it is, and told by the call the page makes', async () => {
  const page = await open('<shop-callback></shop-callback>');
  const complaints = complaintsOf(page);
  await page.evaluate(`customElements.define('shop-callback', class extends HTMLElement {
    connectedCallback() {
      this.attachShadow({ mode: 'open' }).innerHTML = '${quick('method="post" action="/sent"')}';
      this.shadowRoot.querySelector('form').onsubmit = () => {
        throughline('form_submit', { form: { id: 'callback', page: location.href } });
      };
    }
  })`);
  await page.click('button');
  await page.waitForURL(at('/sent'));
  await shop.settled(page);
  expect(received()[0]?.body).toBe('phone=1');
  expect(told()).toEqual(['callback']);
  expect(complaints).toEqual([]);
});
