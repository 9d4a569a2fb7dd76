import { affiliateSites } from './places/affiliates.ts';
import { aiAssistants } from './places/ai-assistants.ts';
import { bankHosts } from './places/banks.ts';
import { mailServices } from './places/mail.ts';
import { mapServices } from './places/maps.ts';
import { marketplaces } from './places/marketplaces.ts';
import { messengers } from './places/messengers.ts';
import { paymentHosts } from './places/payments.ts';
import type { Place } from './places/place.ts';
import { searchEngines } from './places/search.ts';
import { shoppingSites } from './places/shopping.ts';
import { signInHosts } from './places/sign-in.ts';
import { socialNetworks } from './places/social.ts';
import { videoSites } from './places/video.ts';

const placesByKind = {
  search: searchEngines,
  social: socialNetworks,
  video: videoSites,
  messenger: messengers,
  mail: mailServices,
  ai: aiAssistants,
  marketplace: marketplaces,
  shopping: shoppingSites,
  maps: mapServices,
  affiliate: affiliateSites,
} as const satisfies Readonly<Record<string, readonly Place[]>>;

/** What kind of place a visitor can come from: one list in `places/` each. */
export type SourceKind = keyof typeof placesByKind;

export interface KnownSource extends Place {
  readonly kind: SourceKind;
}

const isKind = (name: string): name is SourceKind => Object.hasOwn(placesByKind, name);

/** Places known by name. Add a line to a list in `places/` to teach the product a new one, and raise `channelRulesVersion`. */
export const knownSources: readonly KnownSource[] = Object.keys(placesByKind)
  .filter(isKind)
  .flatMap((kind) => placesByKind[kind].map((place) => ({ ...place, kind })));

/** Pages that send a buyer back after paying or proving who they are: they continue the visit and are never a source. */
export const returnHosts: readonly string[] = [...paymentHosts, ...bankHosts, ...signInHosts];
