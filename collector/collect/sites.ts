import { BoundedMap } from '../bounded-map.ts';

/** A site whose pages may send events. */
export interface Site {
  /** Public key, as in `data-site` of the script tag. */
  readonly key: string;
  readonly domains: readonly string[];
  /** Origins such as `https://shop.example`; when empty, every origin on the domains and their subdomains. */
  readonly origins: readonly string[];
}

/** Decides which origins may send for which site. */
export interface Sites {
  find(key: string): Site | undefined;
  allows(site: Site, origin: string): boolean;
  allowsSomewhere(origin: string): boolean;
}

const maxOrigins = 1000;

export function createSites(sites: readonly Site[]): Sites {
  const byKey = new Map(sites.map((site) => [site.key, site]));
  const allowing = new BoundedMap<string, ReadonlySet<Site>>(maxOrigins);
  const sitesOf = (origin: string): ReadonlySet<Site> => {
    const known = allowing.get(origin);
    if (known !== undefined) return known;
    const found = new Set(sites.filter((site) => allowsOrigin(site, origin)));
    allowing.set(origin, found);
    return found;
  };
  return {
    find: (key) => byKey.get(key),
    allows: (site, origin) => sitesOf(origin).has(site),
    allowsSomewhere: (origin) => sitesOf(origin).size > 0,
  };
}

function allowsOrigin(site: Site, origin: string): boolean {
  if (site.origins.length > 0) return site.origins.includes(origin);
  if (!URL.canParse(origin)) return false;
  const host = new URL(origin).hostname;
  return site.domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
