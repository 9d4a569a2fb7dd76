import { BoundedMap } from '../bounded-map.ts';
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
    const made = { rateKey: rateKey(address), isLoopback: isLoopback(address), truncated: truncateAddress(address) };
    known.set(address, made);
    return made;
  };
}
