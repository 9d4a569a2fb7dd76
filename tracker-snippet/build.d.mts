/** Bundles the snippet into `outFile`; throws when it is over its budget. `isFull`: with what not every shop needs. */
export function buildTracker(options: {
  outFile: string;
  isFull?: boolean;
  budgetBytes?: number;
}): Promise<{ bytes: number; brotliBytes: number }>;

/** Bundles the full snippet as an ES module, with its types beside it. */
export function buildModule(options: { outFile: string }): Promise<void>;
