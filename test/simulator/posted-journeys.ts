import { request as send } from 'node:http';
import { type BrowserJourney, browserJourneys, type Step } from './browser-journeys.ts';
import { collectRequests } from './browser-payloads.ts';
import { type Product, products, site, toItem } from './catalogue.ts';
import { collect } from './deliver.ts';
import { createRecord, type JourneyRecord, journeyAgent } from './journey-record.ts';
import type { Device, Hit, Visit } from './model.ts';
import { createRandom, type Random } from './random.ts';
import { gatewayHost, type ShopServer } from './shop-server.ts';
import type { World } from './world.ts';

export interface PostedRun {
  /** Address of the collector. */
  readonly collectorUrl: string;
  readonly shop: ShopServer;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The journeys of a real browser without one: the same events to the collector, the same forms to the shop. */
export async function postBrowserJourneys(world: World, run: PostedRun): Promise<void> {
  const journeys = browserJourneys(world);
  const random = createRandom(world.seed, 'posted');
  for (const [index, journey] of journeys.entries()) {
    await perform(world, journey, run, random);
    run.onProgress?.(index + 1, journeys.length);
  }
}

async function perform(world: World, journey: BrowserJourney, run: PostedRun, random: Random): Promise<void> {
  const record = createRecord(world, journey.person);
  const buyer = new Buyer(run, random);
  run.shop.setVisitor(journey.person);
  for (const step of journey.steps) await take(step, buyer, record);
  record.finish();
}

async function take(step: Step, buyer: Buyer, record: JourneyRecord): Promise<void> {
  switch (step.do) {
    case 'arrive': {
      const { query, referrer } = step.arrival;
      const at = await buyer.arrive(`/${query ? `?${query}` : ''}`, referrer);
      record.begin(step.arrival, at);
      return record.pageview('/', at);
    }
    case 'open':
      return record.pageview(step.path, await buyer.open(step.path));
    case 'add-to-cart':
      await buyer.addToCart();
      return;
    case 'request':
    case 'callback': {
      const { at } = await buyer.submit(step.do, {});
      record.pageview('/accepted/', await buyer.open('/accepted/'));
      return record.requested(at);
    }
    case 'checkout':
      return checkOut(step.pay, buyer, record);
  }
}

async function checkOut(pay: 'online' | 'later', buyer: Buyer, record: JourneyRecord): Promise<void> {
  const { location } = await buyer.submit('checkout', { pay });
  const orderId = location.searchParams.get('order') ?? '';
  if (pay === 'online') await buyer.pay(orderId);
  record.pageview('/thanks/', await buyer.open(`/thanks/?order=${encodeURIComponent(orderId)}`));
  record.requested(await buyer.tell('purchase', { order: { id: orderId, amount: buyer.amount }, ...buyer.items }));
}

/** Somebody in one tab: what the browser and the tag would have sent. */
class Buyer {
  readonly #run: PostedRun;
  readonly #random: Random;
  readonly #device: Device;
  #visitId = '';
  #visitCode = '';
  #url = '';
  #referrer = '';
  #product: Product | undefined;
  #lastMs = 0;

  constructor(run: PostedRun, random: Random) {
    this.#run = run;
    this.#random = random;
    this.#device = { visitorId: random.uuid(), kind: 'desktop', userAgent: journeyAgent };
  }

  get amount(): bigint {
    return this.#product?.price ?? 0n;
  }

  get items(): Pick<Hit, 'items'> {
    return this.#product === undefined ? {} : { items: [toItem(this.#product, 1)] };
  }

  /** Comes from elsewhere: a new visit for the tag. Like every event it answers with its own instant. */
  arrive(path: string, referrer: string): Promise<number> {
    this.#visitId = this.#random.uuid();
    return this.#show(path, referrer);
  }

  open(path: string): Promise<number> {
    return this.#show(path, this.#url);
  }

  addToCart(): Promise<number> {
    const id = /\/p\/([\w-]+)\//.exec(this.#url)?.[1];
    this.#product = products.find((product) => product.id === id);
    return this.tell('add_to_cart', this.items);
  }

  /** Sends a form of the page with the hidden fields of the tag; where the shop leads then, and when it was sent. */
  async submit(formId: string, fields: Readonly<Record<string, string>>): Promise<{ at: number; location: URL }> {
    const at = await this.tell('form_submit', { form: { id: formId, name: '', page: new URL(this.#url).pathname } });
    const body = new URLSearchParams({
      ...fields,
      throughline_visit: this.#visitId,
      throughline_visitor: this.#device.visitorId,
      throughline_visit_code: this.#visitCode,
    });
    return { at, location: await this.#ask('POST', new URL(`/${formId}`, this.#url), body) };
  }

  async pay(orderId: string): Promise<void> {
    const page = new URL(`http://${gatewayHost}/pay?order=${encodeURIComponent(orderId)}`);
    await this.#ask('POST', page, new URLSearchParams());
  }

  async tell(type: Hit['type'], more: Partial<Hit>): Promise<number> {
    const at = Math.max(this.#run.shop.now(), this.#lastMs + 1);
    this.#lastMs = at;
    const page = { url: this.#url, referrer: this.#referrer, title: '' };
    const hit: Hit = { id: this.#random.uuid(), type, at, trackerVisit: this.#visitId, ...page, ...more };
    const visit: Pick<Visit, 'device' | 'hits'> = { device: this.#device, hits: [hit] };
    for (const request of collectRequests(visit)) {
      const { visit_code: code } = await collect(request, this.#run.collectorUrl);
      if (typeof code === 'string' || typeof code === 'number') this.#visitCode = String(code);
    }
    return at;
  }

  async #show(path: string, referrer: string): Promise<number> {
    const url = new URL(path, `http://${site.host}`);
    await this.#ask('GET', url);
    this.#referrer = referrer;
    this.#url = url.href;
    return this.tell('pageview', {});
  }

  /** Asks the shop's server under the name of the address; answers with where it leads, else with the address itself. */
  #ask(method: 'GET' | 'POST', url: URL, body?: URLSearchParams): Promise<URL> {
    const headers = {
      host: url.hostname,
      'content-type': 'application/x-www-form-urlencoded',
      ...(this.#product === undefined ? {} : { cookie: `cart=${this.#product.id}` }),
    };
    const options = {
      host: '127.0.0.1',
      port: this.#run.shop.port,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
    };
    return new Promise((resolve, reject) => {
      const asked = send(options, (answer) => {
        answer.resume();
        if ((answer.statusCode ?? 500) >= 400)
          reject(new Error(`the shop answered ${answer.statusCode} at ${url.href}`));
        else resolve(new URL(answer.headers.location ?? url.href, url));
      });
      asked.on('error', reject);
      asked.end(body?.toString());
    });
  }
}
