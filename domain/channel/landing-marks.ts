import { addressParameters } from './address-parameters.ts';
import type { LandingMarks } from './classify.ts';
import { clickIds } from './click-ids.ts';
import type { LandingRules } from './landing-rules.ts';
import { hostOfPath } from './places/paths.ts';
import { paymentHostPattern } from './places/payments.ts';

const paymentHost = new RegExp(paymentHostPattern);

/** What tells where the visitor of a page comes from; `referrer` is undefined when nobody told it. */
export type ReadLanding = (url: string, referrer: string | undefined) => LandingMarks | undefined;

/**
 * Reads the marks of a page's address as the stages do in SQL (`etl/stages/sessionise/work-events.sql`; a test holds the two together).
 * Undefined when the visitor comes from the shop itself, which continues a visit, and when the address does not tell where from and nobody
 * else does: a page where people pay or sign in is no source, but may send with marks whoever begins a visit there. Pure.
 */
export function landingReader({ ownHosts, returnHosts }: LandingRules): ReadLanding {
  const own = new Set(ownHosts);
  const returning = new Set(returnHosts);
  return (url, referrer) => {
    const host = referringHost(referrer ?? '');
    if (host !== '' && (host === hostOf(url) || isUnder(host, own))) return undefined;
    const isReturn = isUnder(host, returning) || paymentHost.test(host);
    const marks = marksOf(valuesOf(url), isReturn ? '' : host);
    const isTagged = [marks.utm_source, marks.utm_medium, marks.click_id].some((mark) => mark !== '');
    const saysNothing = isReturn
      ? Object.values(marks).every((mark) => mark === '')
      : referrer === undefined && !isTagged;
    return saysNothing ? undefined : marks;
  };
}

const marksOf = (values: ReadonlyMap<string, string>, referrer_host: string): LandingMarks => ({
  utm_source: values.get('utm_source') ?? '',
  utm_medium: values.get('utm_medium') ?? '',
  utm_campaign: values.get('utm_campaign') ?? '',
  referrer_host,
  click_id: clickIds.find(({ name }) => values.has(name))?.name ?? '',
});

/** `a.b.c` lies below `b.c` and `c`. */
function isUnder(host: string, hosts: ReadonlySet<string>): boolean {
  for (let dot = -1; ; ) {
    if (hosts.has(host.slice(dot + 1))) return true;
    dot = host.indexOf('.', dot + 1);
    if (dot === -1) return false;
  }
}

/** Maps of a search engine share its host. */
function referringHost(referrer: string): string {
  const host = hostOf(referrer);
  const [, first = ''] = /^[^/]*(?:\/\/[^/]*)?\/([^/?#]+)/.exec(referrer) ?? [];
  const shared = `${host}/${first}`;
  return Object.hasOwn(hostOfPath, shared) ? (hostOfPath[shared] ?? host) : host;
}

/** A name without a dot is of no site. */
function hostOf(address: string): string {
  const host = /^(?:(?:[a-z][a-z\d+.-]*:)?\/\/)?(?:[^/?#@:]*(?::[^/?#@:]*)?@)?([^/?#:@]+)/i.exec(address)?.[1] ?? '';
  return host.includes('.') && !host.endsWith('.') ? host.toLowerCase().replace(/^www\./, '') : '';
}

/** Of a repeated parameter the first that says something counts. */
function valuesOf(url: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of addressParameters(url)) if (value !== '' && !values.has(name)) values.set(name, value);
  return values;
}
