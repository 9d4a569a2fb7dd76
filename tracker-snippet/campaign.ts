import { siteDomain } from './cookie.ts';

export interface Source {
  /** Equal for two arrivals by the same tags or from the same host; empty for a direct arrival. Safe inside a cookie. */
  signature: string;
  /** The tags and the referring host as a query string; empty for a direct arrival. */
  text: string;
  /** The previous page is the shop's own, a payment page or a sign-in page: the visit goes on whatever the address says. */
  continues: boolean;
}

const tagPattern = /^(utm_.+|_?openstat|roistat|rs|(y|ys|ym|g|d|fb|vk|ms|tt|tw)clid|[gw]braid|rb_clickid|li_fat_id)$/;

// Buyers come back from these by themselves; the ad that brought them stays the source.
const returnHosts =
  /(^|\.)(yookassa|yoomoney|robokassa|tinkoff|tbank|sberbank|sber|alfabank|vtb|nspk|cloudpayments|payanyway|paykeeper|unitpay|uniteller|payture|best2pay|dolyame|modulbank)\.(ru|com|net)$|^(oauth|passport|accounts|id|login|esia|appleid)\.(yandex|google|vk|mail|gosuslugi|apple)\.(ru|com)$/;

const isTag = (name: string): boolean => tagPattern.test(name.toLowerCase());

/** The page without its fragment and its advertising tags: a site that tidies its address has not moved to another page. */
export function pageOf(address: string): string {
  const url = new URL(address);
  for (const name of Array.from(url.searchParams.keys())) {
    if (isTag(name)) url.searchParams.delete(name);
  }
  // Both sides of a comparison must be spelled by the same hand: sort() writes the query anew even if nothing was deleted.
  url.searchParams.sort();
  return url.origin + url.pathname + url.search;
}

// Names in any case, `&amp;` left by an HTML template, tags behind #; of a repeated name the first counts.
function readTags(url: URL): Map<string, string> {
  const tags = new Map<string, string>();
  const fragment = url.hash.replace(/^#(.*\?)?/, '&');
  for (const [rawName, value] of new URLSearchParams(url.search + fragment)) {
    const name = rawName.replace(/^amp;/, '').toLowerCase();
    if (value && isTag(name) && !tags.has(name)) tags.set(name, value);
  }
  return tags;
}

function isOwn(host: string): boolean {
  const own = siteDomain() || location.hostname.replace(/^www\./, '');
  return `.${host}`.endsWith(`.${own}`);
}

function referringHost(referrer: string): string {
  try {
    return new URL(referrer).hostname;
  } catch {
    return '';
  }
}

function hash(text: string): string {
  let sum = 5381;
  for (const letter of text) sum = (sum * 33) ^ (letter.codePointAt(0) || 0);
  return (sum >>> 0).toString(36);
}

/** Where an arrival at `address` came from, by its tags and click ids, else by the host of `referrer`. */
export function readSource(address: string, referrer: string): Source {
  const tags = readTags(new URL(address));
  const host = referringHost(referrer);
  const continues = host !== '' && (isOwn(host) || returnHosts.test(host));
  const parts = Array.from(tags).sort();
  // ysclid is new on every click in the same search results: it tells organic search, not one campaign from another.
  const campaign = parts.filter(([name]) => name !== 'ysclid');
  const from = continues ? '' : host || (tags.has('ysclid') ? 'yandex.ru' : '');
  const signature = campaign.length ? String(campaign) : from;
  const text = new URLSearchParams(parts.map(([name, value]) => [name, value]));
  if (from) text.set('referrer', from);
  return { signature: signature && hash(signature), text: text.toString(), continues };
}
