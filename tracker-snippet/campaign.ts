import { config } from './config.ts';
import { siteDomain } from './cookie.ts';

export interface Source {
  /** Equal for two arrivals by the same tags or from the same host; empty for a direct arrival. Safe inside a cookie. */
  signature: string;
  /** The tags and the referring host as a query string; empty for a direct arrival. */
  tags: string;
  /** The previous page is the shop's own, a payment page or a sign-in page: the visit goes on whatever the address says. */
  continues: boolean;
}

const isTag = (name: string): boolean =>
  /^(utm_.+|_?openstat|roistat|rs|\w+cl(ick)?id|[gw]braid|li_fat_id)$/i.test(name);

// Buyers come back from these by themselves; the ad that brought them stays the source. Parts of names will do: the server,
// which judges again, has the whole list.
const returnHosts = /kassa|yoomoney|pay|tinkoff|bank\.|sber|vtb|nspk|^(oauth|passport|accounts|login|esia|\w*id)\./;

/** Carries the visitor to another domain of the shop. */
export const linkParameter = '_tl';

/** The page without its fragment and its advertising tags: a site that tidies its address has not moved to another page. */
export function pageOf(address: string): string {
  const { origin, pathname, searchParams } = new URL(address);
  for (const name of Array.from(searchParams.keys()))
    if (isTag(name) || (FULL && name === linkParameter)) searchParams.delete(name);
  return origin + pathname + searchParams;
}

const isWithin = (host: string, domain: string): boolean => `.${host}`.endsWith(`.${domain}`);

/** Whether the host is on another domain that the site lists as its own. */
export const isLinked = (host: string): boolean =>
  (config.domains || '-').split(/[ ,]+/).some((domain) => isWithin(host, domain));

/** Whether the host is the shop's: it shares our cookies, or the site lists it. */
export const isOwn = (host: string): boolean =>
  (FULL && isLinked(host)) || isWithin(host, siteDomain() || location.hostname.replace(/^www\./, ''));

export const hostOf = (address: string): string => (/\/\/([^/:?#]*)/.exec(address) || '')[1] || '';

export function hash(text: string): string {
  let sum = 5381;
  for (const letter of text) sum = (sum * 33) ^ letter.charCodeAt(0);
  return (sum >>> 0).toString(36);
}

/** Where an arrival at `address` came from, by its tags and click ids, else by the host of `referrer`. */
export function readSource(address: string, referrer: string): Source {
  const { search, hash: fragment } = new URL(address);
  const tags = new URLSearchParams();
  // Names in any case, `&amp;` left by an HTML template, tags behind #; of a repeated name the first counts.
  for (const [rawName, value] of new URLSearchParams(search + fragment.replace(/^#(.*\?)?/, '&'))) {
    const name = rawName.replace(/^amp;/, '').toLowerCase();
    if (value && isTag(name) && !tags.has(name)) tags.set(name, value);
  }
  tags.sort();
  const host = hostOf(referrer);
  const continues = !!host && (isOwn(host) || returnHosts.test(host));
  const from = continues ? '' : host || (tags.has('ysclid') ? 'yandex.ru' : '');
  // ysclid is new on every click in the same search results: it tells organic search, not one campaign from another.
  const signature = String(tags).replace(/&?ysclid=[^&]*/, '') || from;
  if (from) tags.set('referrer', from);
  return { signature: signature && hash(signature), tags: String(tags), continues };
}
