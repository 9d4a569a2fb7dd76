/** Upper bounds of the buckets, in seconds: from a fast disk that syncs to one that stands. */
export const secondsBounds: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];

/** How often something took how long. Plain data: it crosses processes. */
export interface SecondsHistogram {
  /** By the bucket; the last one holds what took longer than every bound. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

export const emptyHistogram: SecondsHistogram = { counts: Array(secondsBounds.length + 1).fill(0), sumSeconds: 0 };

export const addHistograms = (left: SecondsHistogram, right: SecondsHistogram): SecondsHistogram => ({
  counts: left.counts.map((count, index) => count + (right.counts[index] ?? 0)),
  sumSeconds: left.sumSeconds + right.sumSeconds,
});

/** Counts durations; one addition each. */
export class SecondsCounter {
  readonly #counts = [...emptyHistogram.counts];
  #sumSeconds = 0;

  observe(seconds: number): void {
    let index = 0;
    while (index < secondsBounds.length && seconds > (secondsBounds[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumSeconds += seconds;
  }

  read(): SecondsHistogram {
    return { counts: [...this.#counts], sumSeconds: this.#sumSeconds };
  }
}
