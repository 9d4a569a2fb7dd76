import type { Problem } from '../../domain/result.ts';
import { clientAddress } from '../http/client-address.ts';
import type { KnownAddress } from '../http/known-addresses.ts';
import type { RequestHead } from '../http/request-head.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Sites } from './sites.ts';

export interface SenderDeps {
  readonly sites: Sites;
  /** Every origin may send over loopback: a first try without a configuration. */
  readonly isOpenOnLoopback: boolean;
  /** How many proxies of our own, one behind the other, set X-Forwarded-For and X-Forwarded-Proto. */
  readonly proxies: number;
  readonly addresses: (address: string) => KnownAddress;
  readonly addressLimit: RateLimit;
  /** Of all pages of a site together. */
  readonly siteLimit: RateLimit;
}

/** Why a request is refused before its events are looked at. */
export type SenderReason = 'rate_limited' | 'site_rate_limited' | 'unknown_site' | 'foreign_origin';

export interface SenderProblem extends Problem<SenderReason> {
  readonly retryAfterSeconds?: number;
}

export const addressOf = (deps: SenderDeps, request: RequestHead): KnownAddress =>
  deps.addresses(clientAddress(request, deps.proxies));

/** Whether the address sends too much. Behind a proxy that we do not trust everybody has the address of loopback, which is not limited. */
export function checkAddress(deps: SenderDeps, { rateKey, isLoopback }: KnownAddress): SenderProblem | undefined {
  const waitSeconds = isLoopback ? 0 : deps.addressLimit.spend(rateKey);
  if (waitSeconds === 0) return undefined;
  const detail = `Too many requests from this address: send again in ${waitSeconds} s.`;
  return { reason: 'rate_limited', place: 'address', detail, retryAfterSeconds: waitSeconds };
}

/** Whether the page may send for the site, and the site may send any more; undefined: it may, and has spent the `cost` of its batch. */
export function checkSender(
  deps: SenderDeps,
  request: RequestHead,
  address: KnownAddress,
  siteKey: string,
  cost = 1,
): SenderProblem | undefined {
  const site = deps.sites.find(siteKey);
  if (!site) {
    const detail =
      'No site has this key: put the key printed at start into data-site, or add the site to the configuration.';
    return { reason: 'unknown_site', place: 'site', detail };
  }
  const { origin } = request.headers;
  if (origin === undefined || isOpen(deps, request) || deps.sites.allows(site, origin))
    return checkLimits(deps, address, siteKey, cost);
  const detail = `Pages of ${origin.slice(0, 200)} may not send for this site: add the origin to the site's origins.`;
  return { reason: 'foreign_origin', place: 'Origin', detail };
}

function checkLimits(
  deps: SenderDeps,
  { isLoopback, rateKey }: KnownAddress,
  siteKey: string,
  cost: number,
): SenderProblem | undefined {
  if (isLoopback) return undefined;
  const waitSeconds = deps.siteLimit.spend(siteKey, cost);
  if (waitSeconds === 0) {
    // One it paid before its body was read.
    if (cost > 1) deps.addressLimit.owe(rateKey, cost - 1);
    return undefined;
  }
  const detail = `Too many requests for this site: send again in ${waitSeconds} s. If they are buyers, raise collector.limits.site.`;
  return { reason: 'site_rate_limited', place: 'site', detail, retryAfterSeconds: waitSeconds };
}

const isOpen = (deps: SenderDeps, request: RequestHead): boolean =>
  deps.isOpenOnLoopback &&
  // Behind a proxy everybody comes from this machine.
  request.headers['x-forwarded-for'] === undefined &&
  deps.addresses(request.socket.remoteAddress ?? '').isLoopback;

/** The origin of the request when its page may read the answer. */
export function readableOrigin(deps: SenderDeps, request: RequestHead): string | undefined {
  const { origin } = request.headers;
  return origin !== undefined && (isOpen(deps, request) || deps.sites.allowsSomewhere(origin)) ? origin : undefined;
}
