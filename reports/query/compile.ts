import type { CompiledQuery } from 'kysely';
import { type Fact, isCredited } from '../registry/fact.ts';
import { creditedPart } from './credited-part.ts';
import { compileCounted, compileSummed, hasOwnTotals, type Part, type SumRow, type Task } from './part.ts';
import { plainPart } from './plain-part.ts';
import type { Plan } from './plan.ts';

/** The plan of some of the facts: what one query of the report computes. */
function planOf(plan: Plan, facts: readonly Fact[]): Plan {
  return { ...plan, facts, base: plan.base.filter((metric) => facts.includes(metric.fact)) };
}

/** A part of the report: of one fact, or of all the credited ones. */
function taskOf(plan: Plan, facts: readonly Fact[], partOf: (plan: Plan) => Part): Task {
  const own = planOf(plan, facts);
  return { plan: own, part: partOf(own) };
}

/** Visits and paths take long enough to be worth a query of their own beside the others. */
const isLarge = ({ plan }: Task): boolean =>
  plan.facts.includes('visits') || (plan.needsCredit && plan.facts.some(isCredited));

/**
 * The queries of a report, to be run side by side and merged: every fact summed to the grain by itself. Facts that are credited to
 * touches are read together, because they share the paths; small ones share a query. None when no fact can answer.
 */
export function compileReport(plan: Plan): readonly CompiledQuery<SumRow>[] {
  const credited = plan.needsCredit ? plan.facts.filter(isCredited) : [];
  const alone = plan.facts.filter((fact) => !credited.some((other) => other === fact));
  const plain = alone.map((fact) => taskOf(plan, [fact], (own) => plainPart(own, fact)));
  const tasks = credited.length === 0 ? plain : [taskOf(plan, credited, creditedPart), ...plain];
  const counted = tasks.filter(hasOwnTotals);
  const summed = tasks.filter((task) => !hasOwnTotals(task));
  const groups = [...summed.filter(isLarge).map((task) => [task]), summed.filter((task) => !isLarge(task))];
  return [...groups.filter((group) => group.length > 0).map(compileSummed), ...counted.map(compileCounted)];
}
