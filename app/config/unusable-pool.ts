import type { PoolLimits } from '../../collector/calls/number-pool.ts';

/** What of a pool decides when it gives a number. */
export interface PlacedPool extends PoolLimits {
  readonly name: string;
  readonly replace: readonly string[];
  /** Static: it never runs out. */
  readonly number?: string | undefined;
}

const limits = ['sites', 'channels', 'sources', 'media', 'campaigns'] as const;

/** Why a pool can never give a number: static ones before it answer for all its visits. Undefined when it can. */
export function whyUnusable(pool: PlacedPool, before: readonly PlacedPool[]): string | undefined {
  const first = pool.replace.map((number) => {
    return before.find((one) => one.number !== undefined && one.replace.includes(number) && isAsWide(one, pool));
  });
  const [taker] = first;
  if (taker === undefined || first.includes(undefined)) return undefined;
  const [number] = pool.replace;
  return `"${pool.name}" can never be used: "${taker.name}", which stands before it, gives +${number} a number for every visit that "${pool.name}" is for; put "${pool.name}" before it`;
}

const isAsWide = (wide: PoolLimits, narrow: PoolLimits): boolean =>
  limits.every((limit) => holdsAll(wide[limit], narrow[limit]));

/** Patterns are compared as they are written. */
function holdsAll(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  if (wide === undefined) return true;
  const known = wide.map((pattern) => pattern.toLowerCase());
  return narrow?.every((pattern) => known.includes(pattern.toLowerCase())) ?? false;
}
