import { createHash } from 'node:crypto';

/** A small seeded generator (sfc32): the same seed gives the same world on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the pairs' values, each as likely as its weight. */
  weighted<T>(pairs: readonly (readonly [T, number])[]): T;
  /** A UUID of version 4, or of another version digit where a 1C guid is wanted. */
  uuid(): string;
  digits(count: number): string;
}

/** Independent streams of one seed: adding a draw to one stream leaves the others as they were. */
export function createRandom(seed: string | number, stream = ''): Random {
  const bytes = createHash('sha256').update(`${seed}/${stream}`).digest();
  let a = bytes.readInt32LE(0);
  let b = bytes.readInt32LE(4);
  let c = bytes.readInt32LE(8);
  let counter = bytes.readInt32LE(12);
  const bits = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  const next = (): number => bits() / 4294967296;
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const hex = (): string => bits().toString(16).padStart(8, '0');
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (list) => at(list, int(0, list.length - 1)),
    weighted: (pairs) => weighted(pairs, next()),
    uuid: () => toUuid(hex() + hex() + hex() + hex()),
    digits: (count) => Array.from({ length: count }, (_, place) => int(place === 0 ? 1 : 0, 9)).join(''),
  };
}

/** Element of a list that must be there. */
export function at<T>(list: readonly T[], index: number): T {
  const element = list.at(index);
  if (element === undefined) throw new Error(`the list has no element ${index}`);
  return element;
}

function weighted<T>(pairs: readonly (readonly [T, number])[], draw: number): T {
  let left = draw * pairs.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of pairs) {
    left -= weight;
    if (left < 0) return value;
  }
  return at(pairs, -1)[0];
}

const toUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
