import { amountOf, type Product, products, site, toItem } from './catalogue.ts';

export interface PageContext {
  readonly collectorUrl: string;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const roubles = (kopecks: bigint): string =>
  `${(Number(kopecks) / 100).toLocaleString('ru-RU', { minimumFractionDigits: 2 })} ₽`;

const style = `
  :root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #f6f7f9 }
  body { margin: 0 } a { color: #2457c5 } main, header, footer { max-width: 960px; margin: 0 auto; padding: 16px }
  header { display: flex; gap: 24px; align-items: baseline } header b { font-size: 22px }
  .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 16px }
  .card, form { background: #fff; border-radius: 12px; padding: 16px; box-shadow: 0 1px 3px #0002 }
  form { display: grid; gap: 8px; max-width: 360px } input { font: inherit; padding: 8px; border: 1px solid #c8ced8; border-radius: 8px }
  button { font: inherit; padding: 8px 16px; border: 0; border-radius: 8px; background: #2457c5; color: #fff; cursor: pointer }
  footer { margin-top: 32px; border-top: 1px solid #dde2ea }
`;

/** A page of the shop. Calls of `throughline` before the script has come are kept by the documented stub. */
function page(title: string, body: string, context: PageContext): string {
  return `<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><meta name="viewport" content="width=device-width">
<style>${style}</style>
<script>window.throughline = window.throughline || function () { (throughline.q = throughline.q || []).push(arguments) }</script>
<script async src="${context.collectorUrl}/t.js" data-site="${site.key}"></script></head>
<body><header><b>Северный дом</b><a href="/">Главная</a><a href="/catalog/">Каталог</a><a href="/cart/">Корзина</a><a href="/contacts/">Контакты</a></header>
<main><h1>${escapeHtml(title)}</h1>${body}</main>
<footer><form id="callback" method="post" action="/callback"><label>Перезвоните мне</label>
<input name="phone" type="tel" placeholder="Телефон" required><button>Жду звонка</button></form></footer></body></html>`;
}

const card = (product: Product): string =>
  `<div class="card"><a href="/p/${product.id}/">${escapeHtml(product.name)}</a><p>${roubles(product.price)}</p></div>`;

export const homePage = (context: PageContext): string =>
  page(
    'Северный дом',
    `<p>Техника для тёплой кухни.</p><div class="cards">${products.slice(0, 4).map(card).join('')}</div>`,
    context,
  );

export const catalogPage = (context: PageContext): string =>
  page('Каталог', `<div class="cards">${products.map(card).join('')}</div>`, context);

const wireItem = (product: Product) => ({
  id: product.id,
  name: product.name,
  price: Number(product.price) / 100,
  quantity: 1,
});

/** Text for a script element: no `</script` can end it early. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

export function productPage(product: Product, context: PageContext): string {
  const items = scriptJson({ items: [wireItem(product)] });
  const script = `document.getElementById('add').onclick = function () {
    document.cookie = 'cart=${product.id};path=/'; throughline('add_to_cart', ${items}); this.textContent = 'В корзине' }`;
  const body = `<p>${escapeHtml(product.category)}</p><p><b>${roubles(product.price)}</b></p><button id="add">В корзину</button><script>${script}</script>`;
  return page(product.name, body, context);
}

export function cartPage(product: Product | undefined, context: PageContext): string {
  if (!product) return page('Корзина', '<p>Корзина пуста.</p>', context);
  const form = `<form id="checkout" method="post" action="/checkout"><input name="name" placeholder="Имя" required>
    <input name="phone" type="tel" placeholder="Телефон" required><input name="email" type="email" placeholder="Почта">
    <button name="pay" value="online">Оплатить онлайн</button><button name="pay" value="later">Оплата при получении</button></form>`;
  return page('Корзина', `${card(product)}<p>Итого ${roubles(product.price)}</p>${form}`, context);
}

export function contactsPage(context: PageContext): string {
  const form = `<form id="request" method="post" action="/request"><label>Подберём технику</label><input name="name" placeholder="Имя" required>
    <input name="phone" type="tel" placeholder="Телефон" required><button>Отправить заявку</button></form>`;
  return page('Контакты', form, context);
}

export const acceptedPage = (context: PageContext): string =>
  page('Заявка принята', '<p>Мы скоро позвоним.</p>', context);

export function thanksPage(orderId: string, product: Product, context: PageContext): string {
  const amount = Number(amountOf([toItem(product, 1)])) / 100;
  const purchase = scriptJson({ order: { id: orderId, amount, currency: 'RUB' }, items: [wireItem(product)] });
  return page(
    'Спасибо за заказ',
    `<p>Номер заказа ${escapeHtml(orderId)}.</p><script>throughline('purchase', ${purchase})</script>`,
    context,
  );
}

/** A page of another company: search results, a social network, the payment service. */
const foreignPage = (title: string, body: string): string =>
  `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>`;

export const linkPage = (host: string, target: string): string =>
  foreignPage(host, `<a id="go" href="${escapeHtml(target)}">Северный дом, техника для кухни</a>`);

export const gatewayPage = (orderId: string): string =>
  foreignPage(
    'Оплата',
    `<form method="post" action="/pay?order=${encodeURIComponent(orderId)}"><button id="pay">Оплатить заказ ${escapeHtml(orderId)}</button></form>`,
  );
