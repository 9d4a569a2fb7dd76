import type { Arrival } from './campaigns.ts';
import { amountOf, site } from './catalogue.ts';
import type { Device, Hit, Item, Person, UserKeys, Visit } from './model.ts';
import { minuteMs } from './moscow.ts';
import type { Random } from './random.ts';

export interface StepOptions {
  /** Time since the previous step, ms. */
  readonly afterMs?: number;
  /** Referrer of the page when it is not the page before. */
  readonly referrer?: string;
  readonly query?: string;
  readonly host?: string;
  /** The tracker has meanwhile let its visit lapse and begun another. */
  readonly trackerVisit?: string;
}

/** One visit while it is written, page by page, as the tracker would report it. */
export interface Journey {
  readonly visit: Visit;
  /** Instant of the newest step, ms. */
  now(): number;
  page(path: string, title: string, options?: StepOptions): Journey;
  cart(items: readonly Item[]): Journey;
  submit(formId: string, options?: StepOptions): Journey;
  purchase(orderId: string, items: readonly Item[], options?: StepOptions & { readonly user?: UserKeys }): Journey;
  identify(user: UserKeys): Journey;
}

export interface JourneyStart {
  readonly person: Person;
  readonly device: Device;
  readonly arrival: Arrival;
  readonly at: number;
  readonly path?: string;
  readonly title?: string;
  readonly isBot?: boolean;
}

type HitFields = Omit<Hit, 'id' | 'at' | 'trackerVisit' | 'url' | 'referrer' | 'title'>;

/** Begins a visit with its landing page. */
export function startJourney(random: Random, start: JourneyStart): Journey {
  const path = start.path ?? '/';
  const visit: Visit = {
    id: random.uuid(),
    personId: start.person.id,
    device: start.device,
    startedAt: start.at,
    source: start.arrival.source,
    hits: [],
    landingPath: path,
    isBot: start.isBot ?? false,
    deliveries: 1,
  };
  let now = start.at;
  let page = { url: '', referrer: '', title: '' };

  const add = (fields: HitFields, options: StepOptions, pauseMs: number): void => {
    now += options.afterMs ?? pauseMs;
    visit.hits.push({ id: random.uuid(), at: now, trackerVisit: options.trackerVisit ?? visit.id, ...page, ...fields });
  };
  const open = (pathname: string, title: string, options: StepOptions, pauseMs: number): void => {
    const query = options.query ? `?${options.query}` : '';
    const url = `https://${options.host ?? site.host}${pathname}${query}`;
    page = { url, referrer: options.referrer ?? page.url, title };
    add({ type: 'pageview' }, options, pauseMs);
  };
  const journey: Journey = {
    visit,
    now: () => now,
    page: (pathname, title, options = {}) => {
      open(pathname, title, options, random.int(8_000, 4 * minuteMs));
      return journey;
    },
    cart: (items) => {
      add({ type: 'add_to_cart', items }, {}, random.int(3_000, 60_000));
      return journey;
    },
    submit: (formId, options = {}) => {
      const form = { id: formId, name: formId, page: page.url };
      add({ type: 'form_submit', form }, options, random.int(10_000, 90_000));
      return journey;
    },
    purchase: (orderId, items, options = {}) => {
      const user = options.user ? { user: options.user } : {};
      const order = { id: orderId, amount: amountOf(items) };
      add({ type: 'purchase', order, items, ...user }, options, random.int(300, 2_000));
      return journey;
    },
    identify: (user) => {
      add({ type: 'identify', user }, {}, random.int(1_000, 20_000));
      return journey;
    },
  };
  open(path, start.title ?? 'Северный дом', { query: start.arrival.query, referrer: start.arrival.referrer }, 0);
  return journey;
}
