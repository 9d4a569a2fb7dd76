import { randomFillSync } from 'node:crypto';
import { derivedUuid } from './derived-uuid.ts';

/** Words of 32 bits that a UUID has. */
const uuidWords = 4;
const uuidChars = 36;
const dash = 0x2d;
const dashPlaces: ReadonlySet<number> = new Set([8, 13, 18, 23]);
/** By the code of a digit in lower case one more than its value, else 0. */
const digitOf = new Uint8Array(0x10000);
for (const [value, digit] of [...'0123456789abcdef'].entries()) digitOf[digit.charCodeAt(0)] = value + 1;
/** One more than the place of a digit among those of a UUID; 0 where its dashes stand. */
const placeOf = new Uint8Array(uuidChars);
for (let at = 0, digits = 0; at < uuidChars; at += 1) placeOf[at] = dashPlaces.has(at) ? 0 : ++digits;

/** Reads a UUID in lower case into four words; false when it is none. */
export function readUuidWords(text: string, words: Uint32Array, at: number): boolean {
  if (text.length !== uuidChars) return false;
  let word = 0;
  for (let index = 0; index < uuidChars; index += 1) {
    const code = text.charCodeAt(index);
    const place = placeOf[index] ?? 0;
    const digit = digitOf[code] ?? 0;
    if (place === 0 ? code !== dash : digit === 0) return false;
    if (place === 0) continue;
    word = (word << 4) | (digit - 1);
    if ((place & 7) === 0) words[at + (place >> 3) - 1] = word;
  }
  return true;
}

const hexOf = (word: number): string => word.toString(16).padStart(8, '0');

/** The UUID of four words. */
export function uuidText(words: Uint32Array, at: number): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = words.subarray(at, at + uuidWords);
  const hex = hexOf(first) + hexOf(second) + hexOf(third) + hexOf(fourth);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** No place: the UUID is not known. */
export const nowhere = -1;

/**
 * Numbers by UUID that forgets what was not used for a while once it is full, as `BoundedMap` does: it keeps at least the last `maxEntries / 2` entries
 * used and at most `maxEntries`. All of it lies in a few arrays of numbers: hundreds of thousands of texts and objects would take four times the memory,
 * and the garbage collector would look at each of them again and again. A key that is no UUID is known by its hash.
 */
export class RecentUuids {
  /** Entries of both generations: a key, then its values. */
  readonly words: Uint32Array;
  readonly #entryWords: number;
  readonly #maxYoung: number;
  readonly #mask: number;
  /** By the hash of a key one more than the number of its entry, 0 when there is none; a table for each generation. */
  readonly #slots: readonly [Uint32Array, Uint32Array];
  /** Senders choose the ids: whoever knew how they are spread could have all of them in one place. */
  readonly #seeds = randomFillSync(new Uint32Array(2 * uuidWords));
  /** The key that is looked for, and room for the values of one that moves. */
  readonly #key: Uint32Array;
  #young: 0 | 1 = 0;
  #youngEntries = 0;

  constructor(maxEntries: number, valueWords: number) {
    this.#entryWords = uuidWords + valueWords;
    this.#maxYoung = Math.ceil(maxEntries / 2);
    const slots = 2 ** Math.ceil(Math.log2(1.5 * this.#maxYoung));
    this.#mask = slots - 1;
    this.#slots = [new Uint32Array(slots), new Uint32Array(slots)];
    this.words = new Uint32Array(2 * this.#maxYoung * this.#entryWords);
    this.#key = new Uint32Array(this.#entryWords);
  }

  /** Where the values of a key stand in `words` until the next call; `nowhere` when it is not known. */
  find(key: string): number {
    this.#readKey(key);
    const hash = this.#hash();
    const found = this.#findIn(this.#young, hash);
    if (found !== nowhere) return found;
    const earlier = this.#findIn(this.#young === 0 ? 1 : 0, hash);
    if (earlier === nowhere) return nowhere;
    for (let word = uuidWords; word < this.#entryWords; word += 1)
      this.#key[word] = this.words[earlier + word - uuidWords] ?? 0;
    return this.#add(hash);
  }

  /** The same for a key that gets values now: they are 0 when it was not known. */
  place(key: string): number {
    const found = this.find(key);
    if (found !== nowhere) return found;
    this.#key.fill(0, uuidWords);
    return this.#add(this.#hash());
  }

  #readKey(text: string): void {
    if (!readUuidWords(text, this.#key, 0)) readUuidWords(derivedUuid('key', text), this.#key, 0);
  }

  #hash(): number {
    let hash = 0;
    for (let word = 0; word < uuidWords; word += 1) {
      const mixed = Math.imul(
        (this.#key[word] ?? 0) ^ (this.#seeds[word] ?? 0),
        (this.#seeds[uuidWords + word] ?? 0) | 1,
      );
      hash = Math.imul(hash ^ mixed ^ (mixed >>> 15), 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    return hash;
  }

  #findIn(generation: 0 | 1, hash: number): number {
    const slots = this.#slots[generation];
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const entry = slots[slot] ?? 0;
      if (entry === 0) return nowhere;
      const at = (entry - 1) * this.#entryWords;
      if (this.#isKeyAt(at)) return at + uuidWords;
    }
  }

  #isKeyAt(at: number): boolean {
    const { words } = this;
    const key = this.#key;
    return words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2] && words[at + 3] === key[3];
  }

  /** Adds the key and its values to the young ones. */
  #add(hash: number): number {
    if (this.#youngEntries >= this.#maxYoung) {
      this.#young = this.#young === 0 ? 1 : 0;
      this.#youngEntries = 0;
      this.#slots[this.#young].fill(0);
    }
    const slots = this.#slots[this.#young];
    let slot = hash & this.#mask;
    while (slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    const entry = this.#young * this.#maxYoung + this.#youngEntries;
    this.#youngEntries += 1;
    slots[slot] = entry + 1;
    const at = entry * this.#entryWords;
    for (let word = 0; word < this.#entryWords; word += 1) this.words[at + word] = this.#key[word] ?? 0;
    return at + uuidWords;
  }
}
