import type { LandingPools } from './landing-pools.ts';

/** What a page asks of call tracking. */
export interface NumberAsk {
  readonly site: string;
  /** Numbers that stand on the page: digits. */
  readonly numbers: readonly string[];
  /** Undefined when the visitor refused to be known: nothing can be leased then. */
  readonly visit: string | undefined;
  readonly visitor: string | undefined;
  /** Names of the pools by source that the page itself says the visit is for; undefined when it does not say. */
  readonly pools: readonly string[] | undefined;
  /** What the sender is counted by; undefined when it is not. */
  readonly countedAs: string | undefined;
  /** Robots call nobody: no number is leased to them. */
  readonly isRobot: boolean;
}

/** What stands on the page → what is to stand there. Nothing for a number that stays. */
export type ReplacedNumbers = Readonly<Record<string, string>>;

/** Who knows the numbers of a visit: call tracking itself, or in a worker the way to it. */
export interface CallNumbers {
  /** Numbers of pages that may be replaced; for others nobody need be asked. */
  readonly replaced: ReadonlySet<string>;
  readonly landingPools: LandingPools;
  /** Tells what the page that began a visit said of its pools: the page that asks may come later, and to another process. */
  visitBegan(visit: string, pools: readonly string[]): void;
  /** Always resolves; what is given is written down already. */
  numbersFor(ask: NumberAsk): Promise<ReplacedNumbers>;
}

/** A Russian number as pages write it, with the country: 8 495…, 495… → 7495…. Others are as they are. */
export const withCountry = (digits: string): string => {
  if (digits.length === 10) return `7${digits}`;
  return digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
};
