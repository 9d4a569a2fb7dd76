/** What the share of a touch may depend on; each is a ClickHouse expression of a whole number. */
export interface TouchOnPath {
  /** Place on the path, from 1. */
  readonly position: string;
  /** Touches on the path. */
  readonly length: string;
  /** Milliseconds from this touch to the last one of the path. */
  readonly ageMs: string;
}

/**
 * An attribution model: how much of a deal each touch of its path is given.
 *
 * `share` gives a ClickHouse expression of a whole number from 0 to 1,000,000,000 for one touch; the touch's weight is its share divided
 * by the sum of the shares on the path, so the weights always sum to 1 and money is split in whole kopecks without a float. The
 * last touch of a path never has a share of 0.
 */
export interface AttributionModel {
  readonly name: string;
  /** Direct touches stay on the path beside known ones. All models but `last` drop them: direct never takes credit from a known touch. */
  readonly keepsDirect: boolean;
  readonly share: (touch: TouchOnPath) => string;
  /** No share is above 9: money in millionths times a share then fits 64 bits, and its arithmetic is several times faster. */
  readonly sharesAreSmall?: true;
  /** Some touches of a path may get nothing. */
  readonly mayBeNothing?: true;
  /** Set when `share` gives everything to one touch of the path, and to which: it is then found without building the path. */
  readonly sole?: 'first' | 'last';
  readonly label: { readonly en: string; readonly ru: string };
  readonly description: { readonly en: string; readonly ru: string };
}

export const defineModel = (model: AttributionModel): AttributionModel => model;
