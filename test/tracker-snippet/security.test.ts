import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';
import { complaintsOf } from './watch-page.ts';
import { secondScript, secondTag, wholeScript, wholeTag } from './whole-tag.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string): string => shop.site.url('shop.test', path);
const [number, otherNumber] = ['74951234567', '74957654321'];

/** Something of everything the tag looks for. Boxes have a size of their own, as a shop that minds its layout gives them. */
const fullBody = `
  <p>Call <span class="number">+7 (495) 123-45-67</span> or say <b class="code" data-throughline-code></b></p>
  <a class="number" href="tel:+${number}">+7 495 123-45-67</a>
  <form id="callback" method="post" action="/sent"><input name="phone"><button>Go</button></form>
  <a id="bot" href="https://t.me/shop_bot">Telegram</a>
  <p>The end</p>`;
const boxes = '.number, .code { display: inline-block; width: 12em; height: 1.5em; overflow: hidden; }';

const everything =
  'data-calls data-roistat data-gpc data-domains="shop.test other.test" data-inputs="UF_CRM_1=visitor"';

/** The collector replaces the number of the page. */
function replaceNumbers(): void {
  shop.refuse = ({ visitor, events }) => ({
    body: JSON.stringify({ visitor, visit: events[0]?.visit, visit_code: '424', numbers: { [number]: otherNumber } }),
  });
}

const isReplaced =
  "document.querySelector('a.number').textContent === '+7 495 765-43-21' && document.querySelector('b').textContent === '424'";

/** Uses the page: the link, then the form. */
async function use(page: Page): Promise<void> {
  await page.evaluate(
    "addEventListener('click', (event) => { if (event.target.id === 'bot') event.preventDefault(); })",
  );
  await page.click('#bot');
  await page.evaluate("history.pushState({}, '', '/cart')");
  await page.fill('[name=phone]', '8 916 123-45-67');
  await Promise.all([page.waitForURL(at('/sent')), page.click('button')]);
}

describe('a strict content security policy', () => {
  const nonce = 'c2VjcmV0';

  /** A page that notes what its policy forbids, even after it was left. */
  function strictPage(tag: string, scripts: string): void {
    const policy = [
      "default-src 'none'",
      `script-src ${scripts}`,
      `connect-src ${shop.site.url('stats.shop.test', '')}`,
      `style-src 'nonce-${nonce}'`,
      "base-uri 'none'",
      "form-action 'self'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ];
    const note = `<script nonce="${nonce}">
      window.forbidden = JSON.parse(sessionStorage.forbidden || '[]');
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
        forbidden.push([violatedDirective, blockedURI, sample].join(' '));
        sessionStorage.forbidden = JSON.stringify(forbidden);
      });
    </script>`;
    const headers = { 'content-type': 'text/html', 'content-security-policy': policy.join('; ') };
    const head = `<title>Strict</title>${note}<style nonce="${nonce}">${boxes}</style>${tag}`;
    for (const path of ['/', '/sent'])
      shop.site.on(path, () => ({ headers, body: `<!doctype html>${head}${fullBody}` }));
  }

  async function expectQuiet(page: Page, complaints: readonly string[]): Promise<void> {
    replaceNumbers();
    await page.goto(at('/?utm_source=vk'));
    await expect.poll(() => page.evaluate(isReplaced), { timeout: 10_000 }).toBe(true);
    await use(page);
    await expect.poll(() => page.evaluate(isReplaced), { timeout: 10_000 }).toBe(true);
    expect(await page.evaluate('forbidden')).toEqual([]);
    expect(complaints).toEqual([]);
    expect(new Set(shop.deliveries.flatMap(({ events }) => events.map(({ type }) => type)))).toEqual(
      new Set(['pageview', 'form_view', 'messenger_click', 'form_submit']),
    );
  }

  test('that lets in scripts by a nonce alone forbids nothing the tag does', async () => {
    const { page } = await shop.visitor();
    const attributes = `nonce="${nonce}"`;
    strictPage(
      wholeTag(shop, `${everything} data-more="" ${attributes}`) + secondTag(shop, attributes),
      `'nonce-${nonce}' 'strict-dynamic'`,
    );
    await expectQuiet(page, complaintsOf(page));
  });

  test('that lets in scripts by their hash alone forbids nothing either', async () => {
    const { page } = await shop.visitor();
    const [integrity, second] = [await hashOf(wholeScript), await hashOf(secondScript)];
    strictPage(
      wholeTag(shop, `${everything} data-more="" integrity="${integrity}" crossorigin="anonymous"`) +
        secondTag(shop, `integrity="${second}" crossorigin="anonymous"`),
      `'nonce-${nonce}' '${integrity}' '${second}'`,
    );
    await expectQuiet(page, complaintsOf(page));
  });

  test('notices a script that does what the tag does not', async () => {
    const { page } = await shop.visitor();
    const evil = `<script nonce="${nonce}">
      try { eval('1'); } catch {}
      document.documentElement.setAttribute('style', 'color: red');
      fetch('/elsewhere').catch(() => {});
    </script>`;
    strictPage(evil, `'nonce-${nonce}'`);
    await page.goto(at('/'));
    await expect.poll(() => page.evaluate('forbidden.length')).toBe(3);
  });
});

/** Of a script as it is served. */
async function hashOf(path: string): Promise<string> {
  const script = await (await fetch(`http://127.0.0.1:${shop.site.port}${path}`)).text();
  return `sha384-${createHash('sha384').update(script).digest('base64')}`;
}

test('the script runs with its hash in the tag, and not with another one', async () => {
  const { page } = await shop.visitor();
  const right = await hashOf(wholeScript);
  shop.page('/', '', wholeTag(shop, `integrity="${right}" crossorigin="anonymous"`));
  await page.goto(at('/'));
  await shop.settled(page);
  expect(shop.events('pageview')).toHaveLength(1);
  const wrong = right.replace(/-(.)/, (_, first) => `-${first === 'A' ? 'B' : 'A'}`);
  shop.page('/changed', '', wholeTag(shop, `integrity="${wrong}" crossorigin="anonymous"`));
  await page.goto(at('/changed'), { waitUntil: 'load' });
  expect(await page.evaluate('typeof throughline')).toBe('undefined');
});

describe('the layout', () => {
  const watch = `{
    window.shifts = [];
    const note = (entries) => shifts.push(...entries.map(({ value }) => value));
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    window.allShifts = async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      note(observer.takeRecords());
      return shifts.reduce((sum, value) => sum + value, 0);
    };
  }`;

  test('of a page with forms, a code and numbers does not move', async () => {
    const { page } = await shop.visitor();
    await page.addInitScript(watch);
    shop.page('/', fullBody, `<style>${boxes}</style>${wholeTag(shop, everything)}`);
    replaceNumbers();
    await page.goto(at('/'));
    await page.waitForFunction(isReplaced);
    await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<form id=late method=post></form>')");
    await page.waitForSelector('#late [name=throughline_visit]', { state: 'attached' });
    expect(await page.evaluate('allShifts()')).toBe(0);
    await page.evaluate(
      "document.body.prepend(Object.assign(document.createElement('div'), { style: 'height: 200px' }))",
    );
    await expect.poll(() => page.evaluate('allShifts()'), { timeout: 10_000 }).toBeGreaterThan(0);
  });
});

test('the tag leaves nothing in the page but its own name', async () => {
  const { page } = await shop.visitor();
  const complaints = complaintsOf(page);
  const names = `[window, Object.prototype, Array.prototype, String.prototype, Promise.prototype, Element.prototype, HTMLFormElement.prototype]
    .map((object) => Object.getOwnPropertyNames(object).sort())`;
  shop.page('/bare', fullBody, '');
  await page.goto(at('/bare'));
  const before: string[][] = await page.evaluate(names);
  shop.page('/', fullBody, wholeTag(shop, everything));
  shop.page('/sent');
  replaceNumbers();
  await page.goto(at('/'));
  await page.waitForFunction(isReplaced);
  const after: string[][] = await page.evaluate(names);
  expect(after.map((own, place) => own.filter((name) => !before[place]?.includes(name)))).toEqual([
    ['throughline'],
    ...before.slice(1).map(() => []),
  ]);
  await use(page);
  expect(complaints).toEqual([]);
});

test('a page on plain http, which has nothing to hash contacts with, sees no error of ours and tells its form', async () => {
  const { page } = await shop.visitor();
  const complaints = complaintsOf(page);
  const input = '<input name="phone" value="89161234567">';
  shop.page('/', `<form method="post" data-throughline-contacts>${input}<button>Go</button></form>`, wholeTag(shop));
  await page.goto(at('/'));
  await shop.settled(page);
  await page.evaluate("addEventListener('submit', (event) => event.preventDefault())");
  await page.click('button');
  await shop.settled(page);
  expect(shop.events('form_submit')).toHaveLength(1);
  expect(complaints).toEqual([]);
});

const fails = '() => { throw new Error("broken by the page"); }';
const breakages: [string, string][] = [
  ['JSON is gone', 'window.JSON = undefined'],
  ['JSON fails', `JSON.parse = JSON.stringify = ${fails}`],
  ['Promise is gone', 'window.Promise = undefined'],
  [
    'Promise is an old library of its own',
    'window.Promise = function () { this.then = () => this; this.catch = () => this; }',
  ],
  ['fetch answers nothing', 'window.fetch = () => {}'],
  ['fetch refuses', "window.fetch = () => Promise.reject(new Error('blocked'))"],
  ['fetch answers what is no response', 'window.fetch = async () => ({})'],
  [
    'methods of lists fail',
    `for (const name of ['map', 'filter', 'find', 'includes', 'some', 'every', 'slice', 'join']) Array.prototype[name] = ${fails}`,
  ],
  [
    'lists write themselves into JSON, as an old Prototype.js has it',
    'Array.prototype.toJSON = function () { return `[${this.join()}]`; }',
  ],
  ['Array.from and Object.assign are replaced', `Array.from = Object.assign = Object.entries = Object.keys = ${fails}`],
  ['URL and URLSearchParams fail', 'window.URL = window.URLSearchParams = undefined'],
  ['time fails', `Date.now = performance.now = performance.getEntriesByType = ${fails}`],
  ['observers fail', 'window.MutationObserver = window.IntersectionObserver = undefined'],
  [
    'elements have lost their methods',
    `Element.prototype.closest = Element.prototype.getAttribute = document.querySelectorAll = ${fails}`,
  ],
  ['timers fail', `window.setTimeout = window.requestIdleCallback = window.requestAnimationFrame = ${fails}`],
  ['the data layer is no list', 'window.dataLayer = { push: 5 }'],
  [
    'the data layer holds what nobody expects',
    'window.dataLayer = [null, 5, "x", [], { ecommerce: { purchase: 1, add: { products: 7 } } }, { ecommerce: { items: [null] } }]',
  ],
];

test.each(breakages)('where %s, the page sees no error of ours and works', async (_, breakage) => {
  const { page } = await shop.visitor();
  const complaints = complaintsOf(page);
  // Last of all, so that only the tag meets it.
  const broken = `<script>${breakage}</script>`;
  shop.page(
    '/',
    fullBody,
    broken + wholeTag(shop, `${everything.replace('data-gpc', '')} onload="document.title = 'ready'"`),
  );
  shop.site.on('/sent', '<!doctype html>Sent');
  await page.goto(at('/'), { waitUntil: 'load' });
  await Promise.all([page.waitForURL(at('/sent')), page.click('button')]);
  expect(complaints).toEqual([]);
});
