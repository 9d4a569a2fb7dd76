import type { VendorReply, VendorRequest } from './fake-vendor.ts';

/** What the contract test of connectors needs of a vendor: `test/fixtures/sources/<type>/vendor.ts` exports one. */
export interface ContractVendor {
  /** Instant of the reading, for the fake clock. */
  readonly now: string;
  /** Settings of the source against a server at this address. */
  settings(baseUrl: string): Readonly<Record<string, unknown>>;
  /** Texts of the settings that must never be seen. */
  readonly secrets: readonly string[];
  /** Answers as the vendor documents it. */
  answer(request: VendorRequest): VendorReply;
  /** How many records of each entity the pages hold. */
  readonly records: Readonly<Record<string, number>>;
  /** The vendor's answer to a refused secret; it may well repeat the secret. */
  refusal(request: VendorRequest): VendorReply;
}
