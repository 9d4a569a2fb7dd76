import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hashes = (): unknown[] => shop.events('identify').map(({ user }) => user);

/** A page, whose address has an @, with a form that asks for contacts; `localhost` is a place where a browser hashes. */
async function open(form: string): Promise<Page> {
  const { page } = await shop.visitor();
  const host = `localhost:${shop.site.port}`;
  const tag = `<script async src="http://${host}/t.js" data-site="${shop.siteKey}"></script>`;
  shop.page('/', `<form ${form}<button>Go</button></form>`, tag);
  await page.goto(`http://${host}/?utm_content=@blogger`);
  await page.waitForSelector('.throughline', { state: 'attached' });
  await shop.settled(page);
  return page;
}

test('a form that its page empties as soon as it is sent has told what was written into it, once', async () => {
  const page = await open('data-throughline-contacts><input name="phone" value="+79161234567">');
  await page.evaluate(
    "document.querySelector('form').onsubmit = (event) => { event.preventDefault(); document.querySelector('[name=phone]').value = ''; }",
  );
  await page.click('button');
  await shop.site.until(() => shop.events('form_submit').length === 1, 'the form is told');
  await shop.settled(page);
  expect(hashes()).toEqual([{ phone_hash: sha256('+79161234567') }]);
});

test('what is mended in a form that was found wrong is told', async () => {
  const page = await open('method="post" data-throughline-contacts><input name="phone">');
  await page.evaluate("document.querySelector('form').onsubmit = (event) => event.preventDefault()");
  await page.click('button');
  await page.fill('[name=phone]', '+79161234567');
  await page.click('button');
  await page.click('button');
  await shop.settled(page);
  expect(hashes()).toEqual([{ phone_hash: sha256('+79161234567') }]);
});

test.each<[string, string, object]>([
  [
    'a password is not hashed, whatever it looks like',
    '<input type="email" value="ivan@mail.ru"><input type="password" value="My@Pass.word">',
    { email_hash: sha256('ivan@mail.ru') },
  ],
  [
    'an address that the page itself has put there is not that of the buyer',
    '<input type="hidden" name="to" value="sales@shop.ru"><input name="email" value="ivan@mail.ru"><input name="friend" value="petr@mail.ru">',
    { email_hash: sha256('ivan@mail.ru') },
  ],
  [
    'the address of the page in our own input is no e-mail',
    '<input type="tel" value="8 916 123-45-67">',
    { phone_hash: sha256('+79161234567') },
  ],
  [
    'a text with a sign of an e-mail in it is none',
    '<input name="comment" value="call me @ home"><input type="tel" value="+7 916 123 45 67">',
    { phone_hash: sha256('+79161234567') },
  ],
])('%s', async (_, fields, expected) => {
  const page = await open(`method="post" data-throughline-contacts>${fields}`);
  await page.evaluate("addEventListener('submit', (event) => event.preventDefault())");
  await page.click('button');
  await shop.site.until(() => hashes().length === 1, 'the hashes arrive');
  expect(hashes()).toEqual([expected]);
});
