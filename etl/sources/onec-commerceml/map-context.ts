import type { OnecExchangeSettings } from './settings.ts';

/** What a document cannot say by itself. */
export interface ExchangeMapContext {
  readonly sourceId: string;
  readonly settings: OnecExchangeSettings;
  /** Zone of the clocks in the file: the source's own, else the project's. */
  readonly timezone: string;
  /** Project's currency, for documents that name none. */
  readonly currency: string;
  readonly file: string;
  /** Instant of the file, UTC; undefined when it does not tell. */
  readonly generatedAt: string | undefined;
}
