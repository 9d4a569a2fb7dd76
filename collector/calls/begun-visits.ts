import { BoundedMap } from '../bounded-map.ts';

const maxVisits = 200_000;

/** Which pools that ask for a source are for the visits that began last. What pages wrote is not kept: an entry is as small as its visit's name. */
export class BegunVisits {
  readonly #pools = new BoundedMap<string, readonly string[]>(maxVisits);
  /** One list for all visits of the same pools. */
  readonly #lists = new Map<string, readonly string[]>();

  /** The first word of a visit counts. */
  note(visit: string, pools: readonly string[]): void {
    if (this.#pools.get(visit) === undefined) this.#pools.set(visit, this.#same(pools));
  }

  poolsOf(visit: string): readonly string[] | undefined {
    return this.#pools.get(visit);
  }

  #same(pools: readonly string[]): readonly string[] {
    const key = pools.join();
    const known = this.#lists.get(key) ?? pools;
    this.#lists.set(key, known);
    return known;
  }
}
