/** Bundles the snippet into `outFile`; throws when it is over its budget. */
export function buildTracker(options: {
  outFile: string;
  budgetBytes?: number;
}): Promise<{ bytes: number; brotliBytes: number }>;
