import type { MoneySource } from '../registry/fact.ts';

/** The project whose reports these are. */
export interface ReportProject {
  readonly name: string;
  /** IANA name; the default of every report. */
  readonly timezone: string;
  /** ISO code; every amount of a report is in it. */
  readonly currency: string;
  readonly moneySource: MoneySource;
}
