/**
 * An attribution model: how much of a deal each touch of its path is given.
 *
 * `share` is a ClickHouse expression of a whole number ≥ 0 for one touch; the touch's weight is its share divided by the sum of the
 * shares on the path, so the weights always sum to 1 and money is split in whole kopecks without a float. The expression may
 * use: `p` (position on the path, from 1), `n` (touches on the path), `age_ms` (milliseconds from this touch to the last
 * one of the path), `paid` (1 when the channel is a paid one).
 */
export interface AttributionModel {
  readonly name: string;
  /** Direct touches stay on the path beside known ones. All models but `last` drop them: direct never takes credit from a known touch. */
  readonly keepsDirect: boolean;
  readonly share: string;
  /** Set when `share` gives everything to one touch of the path, and to which: it is then found without building the path. */
  readonly sole?: 'first' | 'last';
  readonly label: { readonly en: string; readonly ru: string };
  readonly description: { readonly en: string; readonly ru: string };
}

export const defineModel = (model: AttributionModel): AttributionModel => model;
