import type { LandingSettings } from '../../collector/calls/landing-pools.ts';
import type { NumberAsk, ReplacedNumbers } from '../../collector/calls/number-ask.ts';
import type { CodeBlock } from '../../collector/collect/code-blocks.ts';
import type { VisitNews } from '../../collector/collect/visit-news.ts';
import type { Site } from '../../collector/create-collector.ts';
import type { HotPathStats } from '../../collector/hot-path.ts';
import type { Intake } from './intake.ts';

/** What a worker needs to take events. */
export interface WorkerSettings extends Intake {
  readonly project: string;
  readonly sites: readonly Site[];
  readonly isOpenOnLoopback: boolean;
  readonly proxies: number;
  /** Folder of its own spool. */
  readonly spoolDir: string;
  /** Key of the hashes of contacts and of the names of visitors without a cookie. */
  readonly secret: string;
  /** A visitor without a cookie has a new name each local day. */
  readonly timezone: string;
  /** What of call tracking a worker decides itself; undefined when there are no pools. */
  readonly landing: LandingSettings | undefined;
  readonly logLevel: string;
}

/** The port that the workers share. */
export interface WorkerPort {
  readonly host: string;
  /** Never 0: a worker that is started anew must come back to the port. */
  readonly port: number;
  readonly forward: ForwardTarget;
}

/** Where everything but the hot path goes, and what shows there that it comes from a worker. */
export interface ForwardTarget {
  readonly port: number;
  readonly key: string;
}

/** From the main process to a worker: first `listen`, then `open`, again while it says `not_open`, at the end `stop`; `codes` and `numbers` answer questions, `visits_named` is what another worker says. */
export type WorkerOrder =
  | ({ readonly kind: 'listen' } & WorkerPort)
  | { readonly kind: 'open'; readonly settings: WorkerSettings; readonly isAlone: boolean }
  | { readonly kind: 'codes'; readonly block: CodeBlock | undefined }
  | { readonly kind: 'numbers'; readonly question: number; readonly numbers: ReplacedNumbers }
  | VisitsNamed
  | { readonly kind: 'several'; readonly orders: readonly WorkerOrder[] }
  | { readonly kind: 'stop' };

/** From a worker to the main process. Each question for codes gets one answer; any block serves any of them. */
export type WorkerNews =
  /** It hears from now on. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'not_listening'; readonly problem: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'not_open'; readonly problem: string }
  | { readonly kind: 'codes_wanted' }
  | { readonly kind: 'numbers_wanted'; readonly question: number; readonly ask: NumberAsk }
  | { readonly kind: 'visits_began'; readonly visits: readonly BegunVisit[] }
  /** For the other workers. */
  | VisitsNamed
  | { readonly kind: 'several'; readonly news: readonly WorkerNews[] }
  /** Every second while it is open, since its start. */
  | { readonly kind: 'stats'; readonly stats: WorkerStats };

export interface VisitsNamed {
  readonly kind: 'visits_named';
  readonly visits: readonly VisitNews[];
}

/** A visit, and the pools by source that the page that began it says it is for. */
export type BegunVisit = readonly [visit: string, pools: readonly string[]];

/** What a worker did since its start, and what it takes now. */
export interface WorkerStats extends HotPathStats {
  readonly residentBytes: number;
}
