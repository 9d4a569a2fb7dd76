interface Size {
  bytes: number;
  brotliBytes: number;
}

/** Bundles the snippet into `outFile` and the second script beside it; throws when the first is over its budget. */
export function buildTracker(options: { outFile: string; budgetBytes?: number }): Promise<Size & { more: Size }>;

/** Where the second script of `outFile` lies. */
export function secondOf(outFile: string): string;

/** Bundles both scripts as an ES module, with its types beside it. */
export function buildModule(options: { outFile: string }): Promise<void>;
