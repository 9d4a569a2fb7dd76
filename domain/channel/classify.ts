import { domainToUnicode } from 'node:url';
import { channelOf, isPaidMedium } from './channel-group.ts';
import { type ClickId, clickIds, platformOfSource } from './click-ids.ts';
import { knownSources, type SourceKind } from './known-hosts.ts';
import { adClickHosts } from './places/ad-clicks.ts';
import { toolHosts } from './places/tools.ts';

/** The marks of a landing (or of a cost row), decoded but otherwise as found. */
export interface LandingMarks {
  readonly utm_source: string;
  readonly utm_medium: string;
  readonly utm_campaign: string;
  /** Lower case, without www. Empty when there was none or it does not count as a source. */
  readonly referrer_host: string;
  /** Name of the click id parameter; empty when none. */
  readonly click_id: string;
}

export interface TrafficSource {
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
  readonly platform: string;
}

/** The shop's own spellings: `{ "ya_direct": "yandex" }`. */
export type SourceAliases = Readonly<Record<string, string>>;

/** `Yandex.Direct`, `yandex_direct` and `yandex direct` are one spelling. */
const squeezed = (spelling: string): string => spelling.replace(/[\s._+-]/g, '');
const nameOfSpelling = new Map(
  knownSources.flatMap(({ name, aliases = [] }) =>
    [name, ...aliases].map((spelling) => [squeezed(spelling), name] as const),
  ),
);
const kindOf = new Map(knownSources.map((known) => [known.name, known.kind]));
/** A visitor may write anything into a mark, `constructor` too. */
const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
const clean = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ');

/** Where a visit came from: utm marks first, then the click id, then the referrer; nothing at all is direct. Pure. */
export function classify(marks: LandingMarks, aliases: SourceAliases = {}): TrafficSource {
  const campaign = clean(marks.utm_campaign);
  const { source, medium, kind } = sourceAndMedium(marks, aliases);
  return {
    source,
    medium,
    channel: channelOf({ source, medium, campaign, kind }),
    platform: platformOf(source, medium, marks),
  };
}

type Found = { readonly source: string; readonly medium: string; readonly kind: SourceKind | undefined };

function sourceAndMedium(marks: LandingMarks, aliases: SourceAliases): Found {
  const click = clickIds.find(({ name }) => name === marks.click_id);
  if (clean(marks.utm_source) !== '' || clean(marks.utm_medium) !== '') return fromTags(marks, aliases, click);
  if (click?.source === '') return advertisedOn(marks.referrer_host, click.medium);
  if (click) return { source: click.source, medium: click.medium, kind: kindOf.get(click.source) };
  if (marks.referrer_host !== '') return fromReferrer(marks.referrer_host);
  return { source: '(direct)', medium: '(none)', kind: undefined };
}

function fromTags(marks: LandingMarks, aliases: SourceAliases, click: ClickId | undefined): Found {
  const written = clean(marks.utm_source);
  const source = written === '' ? click?.source || '(not set)' : canonicalSource(written, aliases);
  const medium = clean(marks.utm_medium) || (click?.medium ?? '(not set)');
  return { source, medium, kind: kindOf.get(source) };
}

/** An advertisement of which only the site is known that it stood on, if that. */
const advertisedOn = (host: string, medium: string): Found =>
  host === '' ? { source: '(not set)', medium, kind: undefined } : { ...fromReferrer(host), medium };

function canonicalSource(written: string, aliases: SourceAliases): string {
  const aliased = own(aliases, written) ?? written;
  return nameOfSpelling.get(squeezed(aliased)) ?? foundByHost(aliased.replace(/^www\./, ''))?.source ?? aliased;
}

const mediumOfKind: Readonly<Record<SourceKind, string>> = {
  search: 'organic',
  social: 'social',
  video: 'video',
  messenger: 'messenger',
  mail: 'email',
  ai: 'referral',
  marketplace: 'referral',
  shopping: 'referral',
  maps: 'referral',
  affiliate: 'affiliate',
};

const byHost = new Map<string, Found>([
  ...knownSources.flatMap(({ name, kind, hosts }) =>
    hosts.map((host) => [host, { source: name, medium: mediumOfKind[kind], kind }] as const),
  ),
  ...Object.entries(adClickHosts).map(
    ([host, source]) => [host, { source, medium: 'cpc', kind: kindOf.get(source) }] as const,
  ),
  ...toolHosts.map((host) => [host, { source: host, medium: 'referral', kind: undefined }] as const),
]);

const fromReferrer = (host: string): Found =>
  foundByHost(host) ?? { source: domainToUnicode(host) || host, medium: 'referral', kind: undefined };

/** What is known of the longest host that this one is or lies below. */
function foundByHost(host: string): Found | undefined {
  const labels = host.split('.');
  for (let first = 0; first < labels.length; first += 1) {
    const below = labels.slice(first);
    const found = byHost.get(below.join('.')) ?? byCountryHost(below);
    if (found) return found;
  }
  return undefined;
}

/** `google.co.uk` and `maps.yandex.kz` are met by the hosts `google.*` and `maps.yandex.*`. */
function byCountryHost(labels: readonly string[]): Found | undefined {
  if (!/^[a-z]{2,3}$/.test(labels.at(-1) ?? '')) return undefined;
  const below = byHost.get(`${labels.slice(0, -1).join('.')}.*`);
  if (below || !/^(com?|net|org)$/.test(labels.at(-2) ?? '')) return below;
  return byHost.get(`${labels.slice(0, -2).join('.')}.*`);
}

function platformOf(source: string, medium: string, { click_id, utm_medium }: LandingMarks): string {
  const click = clickIds.find(({ name }) => name === click_id);
  // A click id under another system's tag is a link somebody copied, so that the tag is believed.
  if (click && click.platform !== '' && (click.source === source || source === '(not set)')) return click.platform;
  // Who sold a link that is marked as an advertisement and says no more is not known: a blogger, perhaps.
  if (click?.source === '' && clean(utm_medium) === '') return '';
  return isPaidMedium(medium) ? (own(platformOfSource, source) ?? '') : '';
}
