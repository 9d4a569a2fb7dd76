import { site } from './catalogue.ts';
import type { Hit, Visit } from './model.ts';

/** One event as `POST /collect` takes it. */
export interface WireEvent {
  readonly id: string;
  readonly type: Hit['type'];
  readonly ts: number;
  readonly visit: string;
  readonly url: string;
  readonly referrer: string;
  readonly title: string;
  readonly form?: Hit['form'];
  readonly order?: { readonly id: string; readonly amount: number; readonly currency: 'RUB' };
  readonly items?: readonly {
    readonly id: string;
    readonly name: string;
    readonly price: number;
    readonly quantity: number;
  }[];
  readonly user?: Hit['user'];
}

/** A request to the collector as one browser makes it: the body, and the headers that only a browser sets. */
export interface CollectRequest {
  readonly visitId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly site: string; readonly visitor: string; readonly events: readonly WireEvent[] };
}

const roubles = (kopecks: bigint): number => Number(kopecks) / 100;

/** The event that the tracker makes of a step of a visit. */
export function toWireEvent(hit: Hit): WireEvent {
  return {
    id: hit.id,
    type: hit.type,
    ts: hit.at,
    visit: hit.trackerVisit,
    url: hit.url,
    referrer: hit.referrer,
    title: hit.title,
    ...(hit.form ? { form: hit.form } : {}),
    ...(hit.order ? { order: { id: hit.order.id, amount: roubles(hit.order.amount), currency: 'RUB' as const } } : {}),
    ...(hit.items ? { items: hit.items.map(toWireItem) } : {}),
    ...(hit.user ? { user: hit.user } : {}),
  };
}

const toWireItem = (item: NonNullable<Hit['items']>[number]) => ({
  id: item.productId,
  name: item.name,
  price: roubles(item.price),
  quantity: item.quantity,
});

/** What the tracker posts during one visit: a request for each visit id that it has used, in order of time. */
export function collectRequests(visit: Pick<Visit, 'device' | 'hits'>): CollectRequest[] {
  const ids = [...new Set(visit.hits.map((hit) => hit.trackerVisit))];
  return ids.map((visitId) => ({
    visitId,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      'user-agent': visit.device.userAgent,
      origin: site.origin,
      referer: `${site.origin}/`,
    },
    body: {
      site: site.key,
      visitor: visit.device.visitorId,
      events: visit.hits.filter((hit) => hit.trackerVisit === visitId).map(toWireEvent),
    },
  }));
}

/** The same events as rows of `POST /api/v1/ingest/events`, which takes what is older than 7 days. */
export const ingestRows = (visit: Visit): Record<string, unknown>[] =>
  visit.hits.map((hit) => ({
    site: site.key,
    visitor: visit.device.visitorId,
    user_agent: visit.device.userAgent,
    ...toWireEvent(hit),
  }));
