import { describe, expect, test } from 'vitest';
import { type Shop, useShop } from './shop.ts';

let shop: Shop;

useShop((opened) => {
  shop = opened;
});

const at = (path: string, host = 'shop.test'): string => shop.site.url(host, path);

/** Clicks on a link to the address, and tells what was told of it and where it leads then. */
async function follow(href: string, button: 'left' | 'middle' | 'right' = 'left') {
  const { page } = await shop.visitor();
  shop.page('/', `<a id="link" href="${href}">Link</a>`);
  await page.goto(at('/'));
  const { visit_code: code } = await shop.ids(page);
  await page.evaluate(
    "for (const name of ['click', 'auxclick']) addEventListener(name, (event) => event.preventDefault())",
  );
  await page.click('#link', { button });
  await shop.settled(page);
  const told = shop.events().filter(({ type }) => !/pageview|engagement/.test(type));
  const left = await page.evaluate("document.querySelector('#link').href");
  return { types: told.map(({ type }) => type), isDecorated: decodeURIComponent(String(left)).includes(code) };
}

describe('a link is told as what it is, and only a messenger gets the code of the visit', () => {
  test.each<[href: string, types: string[], isDecorated: boolean]>([
    ['https://t.me/shop_bot', ['messenger_click'], true],
    ['https://wa.me/79161234567', ['messenger_click'], true],
    ['https://api.whatsapp.com/send?phone=79161234567', ['messenger_click'], true],
    ['https://vk.com/im?sel=-1', ['messenger_click'], true],
    ['tel:+74951234567', ['call_click'], false],
    ['TEL:+74951234567', ['call_click'], false],
    ['https://other.test/', ['outbound'], false],
    ['/price.pdf', ['download'], false],
    ['/price.pdf?v=2', ['download'], false],
    ['/PRICE.XLSX', ['download'], false],
    // Pages of the shop that speak of messengers, and other people's pages.
    ['/blog/whatsapp-orders/', [], false],
    ['/go?to=https://t.me/x', [], false],
    ['https://vk.com/imperia_shop', ['outbound'], false],
    ['https://ok.ru/profile?whatsapp=1', ['outbound'], false],
    // What is shared goes to friends of the visitor.
    ['https://t.me/share/url?url=https%3A%2F%2Fshop.test%2F', ['outbound'], false],
    ['https://api.whatsapp.com/send?text=Look', ['outbound'], false],
  ])('%s', async (href, types, isDecorated) => {
    expect(await follow(href)).toEqual({ types, isDecorated });
  });

  test('the middle button follows a link, the right one does not', async () => {
    expect((await follow('tel:+74951234567', 'middle')).types).toEqual(['call_click']);
    await shop.reset();
    expect((await follow('tel:+74951234567', 'right')).types).toEqual([]);
  });

  test('in a shadow root too, as widgets have them', async () => {
    const { page } = await shop.visitor();
    shop.page('/', '<div id="chat"></div>');
    await page.goto(at('/'));
    await shop.settled(page);
    await page.evaluate(
      "document.querySelector('#chat').attachShadow({ mode: 'open' }).innerHTML = '<a href=\"tel:+74951234567\">Call</a>'",
    );
    await page.click('#chat a');
    await shop.settled(page);
    expect(shop.events('call_click')).toHaveLength(1);
  });
});
