import { flatText } from './flat-text.ts';

/**
 * A map of well-formed texts that forgets what was not used for a while once it is full: it keeps at least the last `maxEntries / 2` entries used and at
 * most `maxEntries`. Two generations, so that reading a recent entry moves nothing.
 */
export class BoundedMap<Key extends string, Value> {
  readonly #maxYoung: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  constructor(maxEntries: number) {
    this.#maxYoung = Math.ceil(maxEntries / 2);
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const earlier = this.#old.get(key);
    if (earlier !== undefined) this.set(key, earlier);
    return earlier;
  }

  set(key: Key, value: Value): void {
    if (this.#young.has(key)) {
      this.#young.set(key, value);
      return;
    }
    if (this.#young.size >= this.#maxYoung) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(flatText(key), value);
  }
}
