import { type Product, products, site, toItem } from './catalogue.ts';
import type { Deal, Payment, Person, Request as ShopRequest } from './model.ts';
import { minuteMs, wholeSecond } from './moscow.ts';
import { createRandom } from './random.ts';
import {
  acceptedPage,
  cartPage,
  catalogPage,
  contactsPage,
  gatewayPage,
  homePage,
  linkPage,
  type PageContext,
  productPage,
  thanksPage,
} from './shop-pages.ts';
import { type Answer, type Request, type RunningServer, startServer } from './stand-ins/http-server.ts';
import type { World } from './world.ts';

export const gatewayHost = 'yoomoney.ru';
/** Name under which the shop's pages ask for the tracker: a subdomain of the shop, as a real installation has. */
export const collectorHost = `stats.${site.host}`;

export interface ShopServer extends RunningServer {
  /** The shop's clock, ms. */
  now(): number;
  /** The person who is at the shop now; what the site learns is written down for this person. */
  setVisitor(person: Person): void;
  /** Orders and requests taken since the start. */
  readonly taken: { readonly deals: Deal[]; readonly requests: ShopRequest[] };
}

export interface ShopOptions {
  /** Where the pages load `t.js` from. Default: `http://stats.shop.example`, for a Chromium started with `hostResolverRules`. */
  readonly collectorUrl?: string;
  /** The shop's clock, ms. Default, and the only one for a Chromium: that of the machine. */
  readonly now?: () => number;
}

/** Value of Chromium's `--host-resolver-rules`: every name is the shop server, the tracker's name the collector. */
export const hostResolverRules = (ports: { readonly shop: number; readonly collector: number }): string =>
  `MAP ${collectorHost} 127.0.0.1:${ports.collector}, MAP * 127.0.0.1:${ports.shop}, EXCLUDE 127.0.0.1`;

/**
 * The shop as real pages on 127.0.0.1, told apart by the Host header: the shop itself, a payment service, and any other name
 * as a page with a link. What its forms send becomes deals of the CRM stand-in, as a site does with crm.deal.add.
 */
export async function startShop(world: World, options: ShopOptions = {}): Promise<ShopServer> {
  const context = { collectorUrl: options.collectorUrl ?? `http://${collectorHost}` };
  const now = options.now ?? Date.now;
  const till = createTill(world, now);
  const server = await startServer((request) => {
    const host = (request.headers.host ?? '').split(':')[0] ?? '';
    if (host === gatewayHost) return atGateway(request, till);
    if (host !== site.host && host !== '127.0.0.1')
      return html(linkPage(host, request.url.searchParams.get('to') ?? '/'));
    return request.method === 'POST' ? atForm(request, till) : atPage(request, till, context);
  });
  return { ...server, now, setVisitor: till.setVisitor, taken: till.taken };
}

const html = (body: string): Answer => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body });
const redirect = (location: string): Answer => ({ status: 303, headers: { location }, body: '' });

function atGateway(request: Request, till: Till): Answer {
  const orderId = request.url.searchParams.get('order') ?? '';
  if (request.method !== 'POST') return html(gatewayPage(orderId));
  till.pay(orderId);
  return redirect(`http://${site.host}/thanks/?order=${encodeURIComponent(orderId)}`);
}

const productOf = (id: string | undefined): Product | undefined => products.find((product) => product.id === id);
const cartOf = (request: Request): Product | undefined =>
  productOf(/(?:^|; )cart=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]);

function atPage(request: Request, till: Till, context: PageContext): Answer {
  const { pathname, searchParams } = request.url;
  const product = productOf(/^\/p\/([\w-]+)\/$/.exec(pathname)?.[1]);
  if (product) return html(productPage(product, context));
  switch (pathname) {
    case '/':
      return html(homePage(context));
    case '/catalog/':
      return html(catalogPage(context));
    case '/cart/':
      return html(cartPage(cartOf(request), context));
    case '/contacts/':
      return html(contactsPage(context));
    case '/accepted/':
      return html(acceptedPage(context));
    case '/thanks/':
      return thanks(searchParams.get('order') ?? '', till, context);
    default:
      return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Нет такой страницы' };
  }
}

function thanks(orderId: string, till: Till, context: PageContext): Answer {
  const product = till.productOf(orderId);
  if (!product)
    return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Нет такого заказа' };
  till.noteThanks(orderId);
  return html(thanksPage(orderId, product, context));
}

function atForm(request: Request, till: Till): Answer {
  const fields = new URLSearchParams(request.body.toString('utf8'));
  switch (request.url.pathname) {
    case '/callback':
      till.noteRequest('callback');
      return redirect('/accepted/');
    case '/request': {
      const made = till.noteRequest('request');
      till.addDeal(fields, made, productOf('kettle-17') ?? products[0]);
      return redirect('/accepted/');
    }
    case '/checkout': {
      const deal = till.addDeal(fields, undefined, cartOf(request) ?? products[0]);
      const order = encodeURIComponent(deal.orderId);
      return redirect(
        fields.get('pay') === 'online' ? `http://${gatewayHost}/pay?order=${order}` : `/thanks/?order=${order}`,
      );
    }
    default:
      return { status: 404, body: '' };
  }
}

interface Till {
  setVisitor(person: Person): void;
  readonly taken: ShopServer['taken'];
  noteRequest(formId: string): ShopRequest;
  addDeal(fields: URLSearchParams, request: ShopRequest | undefined, product: Product | undefined): Deal;
  pay(orderId: string): void;
  noteThanks(orderId: string): void;
  productOf(orderId: string): Product | undefined;
}

/** The shop's books of what real browsers did: they go into the world, and so into the CRM, 1C and the ledger. */
function createTill(world: World, now: () => number): Till {
  const random = createRandom(world.seed, 'live');
  const taken: { deals: Deal[]; requests: ShopRequest[] } = { deals: [], requests: [] };
  let visitor: Person | undefined;
  let number = 900_000 + world.live.changes.length;
  const person = (): Person => {
    if (!visitor) throw new Error('nobody is at the shop: call setVisitor first');
    world.live.people.set(visitor.id, visitor);
    return visitor;
  };
  const find = (orderId: string): Deal | undefined => taken.deals.find((deal) => deal.orderId === orderId);
  const put = (deal: Deal): void => {
    taken.deals.splice(0, taken.deals.length, ...taken.deals.filter((one) => one.id !== deal.id), deal);
    world.live.changes.push({ kind: 'deal', value: deal });
  };
  const addRequest = (kind: 'form' | 'cart', formId: string | null): ShopRequest => {
    const request = { id: `live-r${number++}`, kind, at: now(), formId, personId: person().id };
    taken.requests.push(request);
    world.live.requests.push(request);
    return request;
  };
  return {
    setVisitor: (next) => {
      visitor = next;
    },
    taken,
    noteRequest: (formId) => addRequest('form', formId),
    addDeal: (fields, request, product) => {
      const deal = liveDeal({ fields, request, product, person: person(), number: number++, atMs: now() });
      put(deal);
      return deal;
    },
    pay: (orderId) => {
      const deal = find(orderId);
      if (deal) world.live.changes.push({ kind: 'payment', value: livePayment(deal, random.uuid(), now()) });
    },
    // The order is one request, and its instant is that of the thank-you page, where the purchase is told.
    noteThanks: (orderId) => {
      const deal = find(orderId);
      if (!deal || deal.requestId !== null) return;
      put({ ...deal, requestId: addRequest('cart', null).id });
    },
    productOf: (orderId) => productOf(find(orderId)?.items[0]?.productId),
  };
}

interface LiveDealPlan {
  readonly fields: URLSearchParams;
  readonly request: ShopRequest | undefined;
  readonly product: Product | undefined;
  readonly person: Person;
  readonly number: number;
  readonly atMs: number;
}

/** A deal as the site makes it, with what the tracker put into the form's hidden fields. */
function liveDeal(plan: LiveDealPlan): Deal {
  const { fields, person, number } = plan;
  const items = plan.product ? [toItem(plan.product, 1)] : [];
  const createdAt = wholeSecond(plan.atMs);
  person.contactId ??= number;
  const field = (name: string): string => fields.get(`throughline_${name}`) ?? '';
  return {
    id: String(number),
    home: 'crm',
    oneC: 'odata',
    orderId: `L-${number}`,
    createdAt,
    modifiedAt: createdAt,
    closedAt: null,
    amount: items.reduce((sum, item) => sum + item.price, 0n),
    group: 'open',
    stage: 'NEW',
    pipeline: 0,
    managerId: 11,
    lossReason: '',
    personId: person.id,
    requestId: plan.request?.id ?? null,
    keys: { visit: field('visit'), visitor: field('visitor'), code: field('visit_code') },
    crmLeadId: null,
    cogs: items.reduce((sum, item) => sum + item.cogs, 0n),
    delivery: 39000n,
    items,
  };
}

/** The bank confirms a minute after the buyer has pressed the button. */
const livePayment = (deal: Deal, id: string, atMs: number): Payment => ({
  id,
  documentId: id,
  line: 1,
  number: `ТД00-${deal.id}`,
  route: 'odata',
  kind: 'card',
  orderId: deal.orderId,
  at: wholeSecond(atMs) + minuteMs,
  amount: deal.amount,
  isPosted: true,
  isDeleted: false,
});
