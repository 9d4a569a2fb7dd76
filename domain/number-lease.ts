/** A number of call tracking given to a visit, or what is said anew of one. Beginning, number and visit are what a lease is known by. */
export interface NumberLease {
  readonly pool: string;
  /** Digits with the country, without a plus. */
  readonly number: string;
  /** The visit as the collector answered it. */
  readonly visit: string;
  readonly visitor: string;
  readonly fromMs: number;
  /** It ends here, or before, where a lease of the number begins that was given later. Not after `fromMs`: there never was one. */
  readonly untilMs: number;
  /**
   * The order of all that is said of a number: of a lease the greatest holds, and of two leases the one with the greater was given later, also
   * if the clock was set back in between and its beginning is earlier.
   */
  readonly version: number;
}
