import { classify, type SourceAliases } from '../../domain/channel/classify.ts';
import { landingReader } from '../../domain/channel/landing-marks.ts';
import type { LandingRules } from '../../domain/channel/landing-rules.ts';
import { asksForSource, isForSource, type NumberPool } from './number-pool.ts';

/** What of the configuration decides which pools a visit is for. */
export interface LandingSettings {
  /** Of those that are for a visit the first that has a number for it gives it. */
  readonly pools: readonly NumberPool[];
  readonly landing: LandingRules;
  readonly sourceAliases: SourceAliases;
}

/**
 * Names of the pools that ask for a source and are for whoever comes by this page. Undefined when the page does not tell where from, or no
 * pool asks. `referrer` is undefined when nobody told it. Pure.
 */
export type LandingPools = (url: string, referrer: string | undefined) => readonly string[] | undefined;

export function landingPools({ pools, landing, sourceAliases }: LandingSettings): LandingPools {
  const asking = pools.filter(asksForSource);
  if (asking.length === 0) return () => undefined;
  const read = landingReader(landing);
  return (url, referrer) => {
    const marks = read(url, referrer);
    if (marks === undefined) return undefined;
    const source = { ...classify(marks, sourceAliases), campaign: marks.utm_campaign };
    return asking.filter((pool) => isForSource(pool, source)).map(({ name }) => name);
  };
}
