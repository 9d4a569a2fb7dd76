import { config } from './config.ts';
import { attempt } from './safely.ts';

let jar = '';

/** Asks the browser for all cookies: it stops the page for a moment. A sandboxed frame may have none at all. */
export function readCookies(): void {
  jar = `; ${attempt(() => document.cookie)}`;
}

/** The value as of the last asking, '' when there is none. */
export const readCookie = (name: string): string => (jar.split(`; ${name}=`)[1] || '').split(';')[0] || '';

/** The domain that the hosts of the shop have in common: of `www.shop.ru` and `www.shop.co.uk` without their `www`. */
export const homeDomain = (): string => config.domain || (/[^.]+\.(com?\.)?[^.]+$/.exec(location.hostname) || [''])[0];

/** Keeps `value` (cookie-safe characters only) for all hosts of the shop, for 400 days, the most a browser allows. */
export function writeCookie(name: string, value: string): void {
  const cookie = `${name}=${value}`;
  // On plain http the attribute is one that no browser knows.
  const secure = location.protocol.replace('https:', 'secure');
  // Browsers refuse a domain that others share (com.ru, a platform for shops), and only they know those: then this host alone keeps it.
  for (const domain of [homeDomain(), '']) {
    // biome-ignore lint/suspicious/noDocumentCookie: Cookie Store API is missing on plain-http pages and is asynchronous
    document.cookie = `${cookie};path=/;max-age=34560000;samesite=lax;domain=${domain};${secure}`;
    if (document.cookie.includes(cookie)) break;
  }
}
