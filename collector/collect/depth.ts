/** Whether a JSON value has more than `levels` levels of objects and arrays. Looks no deeper than that. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}

/** A copy of a JSON value with at most `levels` levels; what lies deeper is replaced by `…`. */
export function cutDepth(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map((part) => cutDepth(part, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cutDepth(part, levels - 1)]));
}
