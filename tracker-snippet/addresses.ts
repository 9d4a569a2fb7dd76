import { config } from './config.ts';
import { homeDomain } from './cookie.ts';

/** Carries the visitor to another domain of the shop. */
export const linkParameter = '_tl';

const isTag = (name: string): boolean =>
  /^((utm|gad)_.+|_openstat|roistat|rs|erid|\w+cl(ic)?k?id|[gw]braid|_tl)$/.test(name);

// Names and values of all parts of an address, tags behind # too; names in any case, with the `&amp;` of an HTML template.
const partsOf = (address: string): [string, string][] =>
  Array.from(new URLSearchParams(address.replace(/[?#]/g, '&')), ([name, value]) => [
    name.replace(/^amp;/, '').toLowerCase(),
    value,
  ]);

/** The page without its fragment and its advertising tags: a site that tidies its address has not moved to another page. */
export const pageOf = (address: string): string =>
  String(partsOf(address.replace(/#.*/, '')).filter(([name]) => !isTag(name)));

/** The advertising tags and click ids of an address, in the order of their names; of a repeated name the first counts. */
export function readTags(address: string): URLSearchParams {
  const tags = new URLSearchParams();
  for (const [name, value] of partsOf(address)) if (value && isTag(name) && !tags.has(name)) tags.set(name, value);
  tags.delete(linkParameter);
  tags.sort();
  return tags;
}

const isWithin = (host: string, domains: string | undefined): boolean =>
  `${domains}`.split(' ').some((domain) => `.${host}`.endsWith(`.${domain}`));

/** Whether the host shares our cookies. */
export const isHome = (host: string): boolean => isWithin(host, homeDomain());

/** Whether the host is on a domain that the site lists as its own. */
export const isListed = (host: string): boolean => isWithin(host, config.domains);

/** Whether the host is the shop's. */
export const isOwn = (host: string): boolean => isHome(host) || isListed(host);

export const hostOf = (address: string): string => address.split(/[/:]+/)[1] || '';

/** A short mark of a text, safe in cookies and addresses; '' of ''. */
export function hash(text: string): string {
  let sum = 5381;
  for (const letter of text) sum = (sum * 33) ^ letter.charCodeAt(0);
  return text && (sum >>> 0).toString(36);
}
