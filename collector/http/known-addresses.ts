import { BoundedMap } from '../bounded-map.ts';
import { flatText } from '../flat-text.ts';
import { isLoopback, rateKey, truncateAddress } from './client-address.ts';

/** What follows from an address. */
export interface KnownAddress {
  /** What its requests are counted by. */
  readonly rateKey: string;
  readonly isLoopback: boolean;
  /** Cut to /24 or /48. */
  readonly truncated: string;
}

const maxAddresses = 10_000;

/** Remembers what follows from an address: most requests come from one that sent before. */
export function knownAddresses(): (address: string) => KnownAddress {
  const known = new BoundedMap<string, KnownAddress>(maxAddresses);
  return (address) => {
    const found = known.get(address);
    if (found !== undefined) return found;
    const own = flatText(address);
    const made = { rateKey: rateKey(own), isLoopback: isLoopback(own), truncated: truncateAddress(own) };
    known.set(own, made);
    return made;
  };
}
