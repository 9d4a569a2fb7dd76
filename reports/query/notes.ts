import { sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import { doubtfulSalesSql } from './doubtful-sales.ts';
import { freshnessSql } from './freshness.ts';
import type { Plan } from './plan.ts';
import { refusedViewsSql } from './refused-views.ts';
import { leftoverPaymentsSql } from './warnings.ts';

/** What a report has to tell besides its numbers, one row of any kind. */
export interface NoteRow {
  /**
   * cursor: how far a source has been read; pull and stages: the newest run of an outcome; set_aside, no_rate: how much was left out;
   * leftover: movements of money that sales do not explain; doubtful_sales: won deals whose money is told differently elsewhere; refused_views: pages that people saw who refused.
   */
  readonly kind:
    | 'cursor'
    | 'pull'
    | 'stages'
    | 'set_aside'
    | 'no_rate'
    | 'leftover'
    | 'doubtful_sales'
    | 'refused_views';
  /** Of a source, or why a movement is left over. */
  readonly source: string;
  readonly outcome: 'ok' | 'failed' | '';
  /** Digits: number of the run, or how many. */
  readonly number: string;
  /** `YYYY-MM-DD hh:mm:ss.SSS` in UTC. */
  readonly at: string;
  readonly reason: string;
  /** In words; of what is left over its sum in millionths; of doubtful sales how many deals were won. */
  readonly detail: string;
}

/** All the notes in one query: asking the database costs more than answering any of them. */
export function notesQuery(plan: Plan) {
  const parts = [
    freshnessSql(plan.project.name),
    ...leftoverPaymentsSql(plan),
    ...doubtfulSalesSql(plan),
    ...refusedViewsSql(plan),
  ];
  return sql<NoteRow>`${sql.join(parts, sql`\nUNION ALL\n`)}`.compile(compileOnly<Database>());
}
