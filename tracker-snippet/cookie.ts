import { config } from './config.ts';

const lifetimeSeconds = 400 * 86_400;

let widestDomain: string | undefined;

export function readCookie(name: string): string {
  try {
    const found = `; ${document.cookie}`.split(`; ${name}=`)[1];
    return found ? found.split(';')[0] || '' : '';
  } catch {
    return '';
  }
}

function putCookie(name: string, value: string, domain: string, seconds: number): void {
  const where = domain ? `;domain=${domain}` : '';
  const secure = location.protocol === 'https:' ? ';secure' : '';
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: Cookie Store API is missing on plain-http pages and is asynchronous
    document.cookie = `${name}=${value};path=/;max-age=${seconds};samesite=lax${where}${secure}`;
  } catch {
    // A sandboxed frame may have no cookies at all.
  }
}

// Browsers refuse a cookie on a public suffix (ru, com.ru), and only they carry the list of those: ask, widest first.
function probeDomain(): string {
  const labels = location.hostname.split('.');
  for (let start = labels.length - 2; start >= 0; start--) {
    const domain = labels.slice(start).join('.');
    putCookie('tl_probe', '1', domain, 9);
    const taken = readCookie('tl_probe');
    putCookie('tl_probe', '', domain, 0);
    if (taken) return domain;
  }
  return '';
}

/** The widest domain on which this page may keep a cookie: `shop.ru` on `www.shop.ru`; empty when only the host itself may. */
export function siteDomain(): string {
  if (widestDomain === undefined) widestDomain = config.domain || probeDomain();
  return widestDomain;
}

/** Keeps `value` (cookie-safe characters only) for all hosts of the shop, for 400 days, the most a browser allows. */
export const writeCookie = (name: string, value: string): void => putCookie(name, value, siteDomain(), lifetimeSeconds);
