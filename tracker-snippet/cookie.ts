import { config } from './config.ts';
import { mayKeep } from './consent-state.ts';
import { attempt } from './safely.ts';

let widestDomain = '';

/** The value, '' when there is none; a sandboxed frame may have no cookies at all. */
export const readCookie = (name: string): string =>
  attempt(() => (`; ${document.cookie}`.split(`; ${name}=`)[1] || '').split(';')[0]) || '';

function putCookie(name: string, value: string, domain: string): void {
  const where = domain && `;domain=${domain}`;
  const secure = location.protocol === 'https:' ? ';secure' : '';
  attempt(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: Cookie Store API is missing on plain-http pages and is asynchronous
    document.cookie = `${name}=${value};path=/;max-age=${value ? 34560000 : 0};samesite=lax${where}${secure}`;
  });
}

/** The widest domain on which this page may keep a cookie: `shop.ru` on `www.shop.ru`; empty when only the host itself may, or none. */
export function siteDomain(): string {
  widestDomain = widestDomain || config.domain || '';
  const labels = location.hostname.split('.');
  // Browsers refuse a cookie on a public suffix (ru, com.ru), and only they carry the list of those: ask, widest first.
  for (let start = labels.length - 1; mayKeep() && !widestDomain && start--; ) {
    const domain = labels.slice(start).join('.');
    putCookie('tl_probe', '1', domain);
    if (readCookie('tl_probe')) widestDomain = domain;
    putCookie('tl_probe', '', domain);
  }
  return widestDomain;
}

/** Keeps `value` (cookie-safe characters only) for all hosts of the shop, for 400 days, the most a browser allows; '' deletes. */
export const writeCookie = (name: string, value: string): void => putCookie(name, value, siteDomain());
