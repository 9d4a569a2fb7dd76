import { uuidPattern } from '../../domain/event.ts';

const cookieName = 'tl_vid';
const maxAgeSeconds = 400 * 24 * 60 * 60;
const cookiePattern = /(?:^|;)\s*tl_vid=([^;]*)/;

/** The visitor of a Cookie header, in lower case; undefined when there is none or it is not ours. */
export function readVisitorCookie(header: string | undefined): string | undefined {
  const value = header === undefined ? undefined : cookiePattern.exec(header)?.[1]?.trim();
  return value !== undefined && uuidPattern.test(value) ? value.toLowerCase() : undefined;
}

/** A Set-Cookie header; '' takes the visitor out of the browser. 400 days is the longest that browsers keep one. */
export const visitorCookie = (visitor: string, isSecure: boolean): string =>
  `${cookieName}=${visitor}; Path=/; Max-Age=${visitor === '' ? 0 : maxAgeSeconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
