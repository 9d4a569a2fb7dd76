import { clientAddress, isHttps } from '../http/client-address.ts';
import type { KnownAddress } from '../http/known-addresses.ts';
import type { RequestHead } from '../http/request-head.ts';
import { clientHintsOf } from './client-hints.ts';
import type { CollectDeps } from './collect-deps.ts';
import type { HeaderList } from './cors.ts';
import type { Envelope } from './read-envelope.ts';
import { takeAnonymous } from './take-anonymous.ts';
import { type Batch, takeBatch } from './take-batch.ts';
import { readVisitorCookie, visitorCookie } from './visitor-cookie.ts';

/** A request whose sender is known. */
interface FromBrowser {
  readonly deps: CollectDeps;
  readonly request: RequestHead;
  readonly address: KnownAddress;
}

const maxUserAgentChars = 1024;

export type Consent = Pick<Envelope, 'consent' | 'cookieless'>;

/** Who takes its events. */
export const takerOf = ({ consent }: Consent) => (consent === 'denied' ? takeAnonymous : takeBatch);

/** The visitor of the cookie, where it may be read. */
const cookieOf = (request: RequestHead, { consent, cookieless }: Consent): string | undefined =>
  consent === 'denied' || cookieless ? undefined : readVisitorCookie(request.headers.cookie);

/**
 * The cookie wins over the body: browsers forget what scripts stored after a week without a visit but keep the server's cookie, so a body
 * that names another visitor has lost the right one. The answer tells it to the page.
 */
export function toBatch(
  { deps, request, address }: FromBrowser,
  envelope: Envelope,
  channelIn: Batch['channelIn'],
): Batch {
  const { site, events, cookieless: isCookieless = false } = envelope;
  const receivedAtMs = deps.clock.now();
  const userAgent = (request.headers['user-agent'] ?? '').slice(0, maxUserAgentChars);
  const clientHints = clientHintsOf(request.headers);
  const countedAs = address.isLoopback ? undefined : address.rateKey;
  const batch = { site, events, channelIn, receivedAtMs, countedAs, userAgent, clientHints, isCookieless };
  if (!isCookieless)
    return { ...batch, visitor: cookieOf(request, envelope) ?? envelope.visitor, address: address.truncated };
  const browser = { site, userAgent, address: clientAddress(request, deps.proxies) };
  // Beside the name that is made of it, even a cut address could be completed by trying.
  return { ...batch, visitor: deps.dailyVisitor(browser, receivedAtMs), address: '' };
}

/** Gives the browser its visitor, where it may keep one and does not know it. Who refuses is rid of it: no script can delete this cookie. */
export function visitorHeaders(
  deps: CollectDeps,
  request: RequestHead,
  { consent }: Consent,
  visitor: string | null,
): HeaderList {
  const known = readVisitorCookie(request.headers.cookie) ?? '';
  const wanted = consent === 'denied' ? '' : (visitor ?? known);
  return wanted === known ? [] : ['Set-Cookie', visitorCookie(wanted, isHttps(request, deps.proxies))];
}
