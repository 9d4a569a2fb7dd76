import type { TrafficSource } from '../../domain/channel/classify.ts';

/** Which visits a pool is for. Every list that is given must hold one that fits; `*` in a pattern stands for anything. */
export interface PoolLimits {
  /** Keys of sites. */
  readonly sites?: readonly string[] | undefined;
  readonly channels?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly media?: readonly string[] | undefined;
  readonly campaigns?: readonly string[] | undefined;
}

/** Numbers that stand on the page of a visit instead of others. All numbers are digits with the country, without a plus. */
export interface NumberPool extends PoolLimits {
  readonly name: string;
  /** Numbers of the page that are replaced. */
  readonly replace: readonly string[];
  /** Static: one number for everybody. Dynamic: each number for one visit at a time. */
  readonly kind: 'static' | 'dynamic';
  readonly numbers: readonly string[];
}

/** Where a visit came from, as far as pools ask. */
export type VisitSource = Pick<TrafficSource, 'channel' | 'source' | 'medium'> & { readonly campaign: string };

export const asksForSource = ({ channels, sources, media, campaigns }: PoolLimits): boolean =>
  [channels, sources, media, campaigns].some((list) => list !== undefined);

/** Whether a pool is for visits that came from somewhere. Pure. */
export const isForSource = (pool: PoolLimits, source: VisitSource): boolean =>
  fits(pool.channels, source.channel) &&
  fits(pool.sources, source.source) &&
  fits(pool.media, source.medium) &&
  fits(pool.campaigns, source.campaign);

/** Whether a pool is for a visit, of which it is known by name which of the pools that ask for a source are for it; `undefined`: nobody knows. Pure. */
export function isFor(pool: NumberPool, site: string, bySource: readonly string[] | undefined): boolean {
  if (pool.sites !== undefined && !pool.sites.includes(site)) return false;
  return !asksForSource(pool) || (bySource ?? []).includes(pool.name);
}

const fits = (patterns: readonly string[] | undefined, value: string): boolean =>
  patterns === undefined || patterns.some((pattern) => matches(pattern.toLowerCase(), value.trim().toLowerCase()));

/** By hand: a pattern made into a regular expression may take exponential time on what a visitor writes. */
function matches(pattern: string, value: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.pop();
  if (end === undefined) return pattern === value;
  if (!value.startsWith(start) || value.length < start.length + end.length || !value.endsWith(end)) return false;
  const middle = value.slice(start.length, value.length - end.length);
  let at = 0;
  for (const part of rest) {
    const found = middle.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}
