/** A place known by name: one entry of a list in this folder. */
export interface Place {
  /** Lower-case name shown in reports. */
  readonly name: string;
  /**
   * Hosts without `www.`, packages of Android applications among them; what lies below a host belongs to it. A name ending in `.*`
   * stands for every country's domain. The most specific host wins.
   */
  readonly hosts: readonly string[];
  /** Other spellings of the name met in utm_source, lower case; spaces, dots, hyphens, underscores and plus signs in them make no difference. */
  readonly aliases?: readonly string[];
}
