import { domainToASCII, domainToUnicode } from 'node:url';
import { returnHosts } from './known-hosts.ts';

/** Hosts from which nobody comes for the first time, as browsers and people spell them: each one's subdomains belong to it. */
export interface LandingRules {
  /** The shop itself. */
  readonly ownHosts: readonly string[];
  /** Pages of payment and sign-in. */
  readonly returnHosts: readonly string[];
}

/** What a configuration says of them, in any spelling, with or without `www.`; pages of payment and sign-in beside those that everybody knows. */
export function landingRules(ownDomains: readonly string[], returnDomains: readonly string[]): LandingRules {
  return { ownHosts: bothSpellings(hostsOf(ownDomains)), returnHosts: [...returnHosts, ...hostsOf(returnDomains)] };
}

/** Domains as settings spell them → as browsers send them: lower case, Cyrillic in punycode, without www. */
const hostsOf = (domains: readonly string[]): string[] =>
  domains.map((domain) => domainToASCII(domain.trim()).replace(/^www\./, '')).filter((host) => host !== '');

/** History that another system tells may spell Cyrillic hosts as people do. */
const bothSpellings = (hosts: readonly string[]): string[] => [
  ...new Set(hosts.flatMap((host) => [host, domainToUnicode(host)])),
];
