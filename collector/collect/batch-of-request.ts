import { clientAddress, isHttps } from '../http/client-address.ts';
import type { KnownAddress } from '../http/known-addresses.ts';
import type { RequestHead } from '../http/request-head.ts';
import { clientHintsOf } from './client-hints.ts';
import type { CollectDeps } from './collect-deps.ts';
import type { HeaderList } from './cors.ts';
import type { Envelope } from './read-envelope.ts';
import { takeAnonymous } from './take-anonymous.ts';
import { type Batch, takeBatch } from './take-batch.ts';
import { visitorCookie } from './visitor-cookie.ts';

/** A request whose sender is known. */
interface FromBrowser {
  readonly deps: CollectDeps;
  readonly request: RequestHead;
  readonly address: KnownAddress;
  /** The visitor of its cookie. */
  readonly cookie: string | undefined;
}

const maxUserAgentChars = 1024;

export type Consent = Pick<Envelope, 'consent' | 'cookieless'>;

/** Who takes its events. */
export const takerOf = ({ consent }: Consent) => (consent === 'denied' ? takeAnonymous : takeBatch);

/**
 * The cookie wins over the body: browsers forget what scripts stored after a week without a visit but keep the server's cookie, so a body
 * that names another visitor has lost the right one. The answer tells it to the page.
 */
export function toBatch(
  { deps, request, address, cookie }: FromBrowser,
  { site, events, visitor, consent, cookieless: isCookieless = false }: Envelope,
  channelIn: Batch['channelIn'],
): Batch {
  const receivedAtMs = deps.clock.now();
  const userAgent = (request.headers['user-agent'] ?? '').slice(0, maxUserAgentChars);
  const ofCookie = consent === 'denied' ? undefined : cookie;
  const ofDay = (): string =>
    deps.dailyVisitor({ site, userAgent, address: clientAddress(request, deps.proxies) }, receivedAtMs);
  return {
    site,
    visitor: isCookieless ? ofDay() : (ofCookie ?? visitor),
    isCookieless,
    events,
    channelIn,
    receivedAtMs,
    // Beside the name that is made of it, even a cut address could be completed by trying.
    address: isCookieless ? '' : address.truncated,
    countedAs: address.isLoopback ? undefined : address.rateKey,
    userAgent,
    clientHints: clientHintsOf(request.headers),
  };
}

/** Gives the browser its visitor, where it may keep one and does not know it. Who refuses is rid of it: no script can delete this cookie. */
export function visitorHeaders(
  { deps, request, cookie = '' }: FromBrowser,
  { consent }: Consent,
  visitor: string | null,
): HeaderList {
  const wanted = consent === 'denied' ? '' : (visitor ?? cookie);
  return wanted === cookie ? noHeaders : ['Set-Cookie', visitorCookie(wanted, isHttps(request, deps.proxies))];
}

const noHeaders: HeaderList = [];
