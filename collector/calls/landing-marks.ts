import type { LandingMarks } from '../../domain/channel/classify.ts';
import { clickIds } from '../../domain/channel/click-ids.ts';
import { returnHosts } from '../../domain/channel/known-hosts.ts';
import { hostOfPath } from '../../domain/channel/places/paths.ts';
import { threeDSecurePattern } from '../../domain/channel/places/payments.ts';

/** What of the configuration decides whether a page view brings a source. Hosts as browsers spell them, with or without `www.`. */
export interface LandingRules {
  readonly ownDomains: readonly string[];
  /** Pages of payment and sign-in that the shop knows beside those that everybody does. */
  readonly returnDomains: readonly string[];
}

const threeDSecure = new RegExp(threeDSecurePattern);
const macro = /[{}]|^__[A-Z_]+__$/;

/**
 * The marks of a page's address, as the stages read them (`etl/stages/sessionise/work-events.sql`). Undefined when the visitor comes from
 * the shop itself, or from paying or signing in: such a page continues a visit and says nothing of its
 * source; and when nobody told where from, and the address does not. Pure.
 */
export function landingMarks(url: string, referrer: string | undefined, rules: LandingRules): LandingMarks | undefined {
  const host = referringHost(referrer ?? '');
  if (host !== '' && (host === hostOf(url) || isUnder(host, rules.ownDomains))) return undefined;
  if (isUnder(host, returnHosts) || isUnder(host, rules.returnDomains) || threeDSecure.test(host)) return undefined;
  const values = parametersOf(url);
  const marks = {
    utm_source: values.get('utm_source') ?? '',
    utm_medium: values.get('utm_medium') ?? '',
    utm_campaign: values.get('utm_campaign') ?? '',
    referrer_host: host,
    click_id: clickIds.find(({ name }) => values.has(name))?.name ?? '',
  };
  const isTagged = [marks.utm_source, marks.utm_medium, marks.click_id].some((mark) => mark !== '');
  return referrer === undefined && !isTagged ? undefined : marks;
}

const isUnder = (host: string, domains: readonly string[]): boolean =>
  domains.some((domain) => {
    const name = domain.replace(/^www\./, '');
    return host === name || host.endsWith(`.${name}`);
  });

/** Maps of a search engine share its host. */
function referringHost(referrer: string): string {
  const host = hostOf(referrer);
  const [, first = ''] = /^[^:]+:\/\/[^/?#]*\/([^/?#]+)/.exec(referrer) ?? [];
  const shared = `${host}/${first}`;
  return Object.hasOwn(hostOfPath, shared) ? (hostOfPath[shared] ?? host) : host;
}

function hostOf(address: string): string {
  const host = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(address)?.[1] ?? '';
  return host.toLowerCase().replace(/^www\./, '');
}

/** Of a repeated parameter the first that says something counts; a macro that was not filled in says nothing. */
function parametersOf(url: string): Map<string, string> {
  const values = new Map<string, string>();
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  for (const pair of query.replaceAll('&amp;', '&').split('&')) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const name = pair.slice(0, at).toLowerCase();
    const value = readable(pair.slice(at + 1));
    if (value !== '' && !macro.test(value) && !values.has(name)) values.set(name, value);
  }
  return values;
}

/** Tagged links are often encoded twice, and old ad templates write windows-1251. */
function readable(text: string): string {
  const once = decoded(text);
  return (/%[0-9a-f]{2}/i.test(once) ? decoded(once) : once).trim();
}

const cyrillic = new TextDecoder('windows-1251');

function decoded(text: string): string {
  const plain = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(plain);
  } catch {
    const bytes = plain.replace(/%([0-9a-f]{2})/gi, (_whole, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return cyrillic.decode(Buffer.from(bytes, 'latin1'));
  }
}
