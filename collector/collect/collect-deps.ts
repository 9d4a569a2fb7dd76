import type { Clock } from '../../domain/time.ts';
import type { PageNumbers } from '../calls/page-numbers.ts';
import type { Reading } from '../http/read-body.ts';
import type { AppendProblem } from '../spool.ts';
import type { DailyVisitor } from './daily-visitor.ts';
import type { TakeBatchDeps } from './take-batch.ts';
import type { SenderDeps, SenderReason } from './who-may-send.ts';

/** What the steps of `/collect` and its pixel work with. */
export interface CollectDeps extends TakeBatchDeps, SenderDeps {
  readonly reading: Reading;
  readonly clock: Clock;
  readonly dailyVisitor: DailyVisitor;
  /** Undefined when no number of any page is replaced. */
  readonly pageNumbers: PageNumbers | undefined;
  readonly count: (outcome: CollectOutcome) => void;
}

/** How a request can end, for the counters. */
export type CollectOutcome = 'taken' | 'broken_off' | CollectReason; /** Why it was not taken. */
export type CollectReason = SenderReason | 'compressed' | 'too_large' | 'malformed' | AppendProblem;
