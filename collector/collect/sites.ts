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

export function createSites(sites: readonly Site[]): Sites {
  const byKey = new Map(sites.map((site) => [site.key, site]));
  return {
    find: (key) => byKey.get(key),
    allows: allowsOrigin,
    allowsSomewhere: (origin) => sites.some((site) => allowsOrigin(site, origin)),
  };
}

function allowsOrigin(site: Site, origin: string): boolean {
  if (site.origins.length > 0) return site.origins.includes(origin);
  if (!URL.canParse(origin)) return false;
  const host = new URL(origin).hostname;
  return site.domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
