import type { CompiledQuery } from 'kysely';
import { type Fact, isCredited } from '../registry/fact.ts';
import { creditedPart } from './credited-part.ts';
import { compilePart, type SumRow } from './part.ts';
import { plainPart } from './plain-part.ts';
import type { Plan } from './plan.ts';

/** The plan of some of the facts: what one query of the report computes. */
function planOf(plan: Plan, facts: readonly Fact[]): Plan {
  return { ...plan, facts, base: plan.base.filter((metric) => facts.includes(metric.fact)) };
}

/**
 * The queries of a report, to be run side by side and merged: every fact summed to the grain by itself. Facts that are credited to
 * touches are read together, because they share the paths. None when no fact can answer.
 */
export function compileReport(plan: Plan): readonly CompiledQuery<SumRow>[] {
  const credited = plan.needsCredit ? plan.facts.filter(isCredited) : [];
  const alone = plan.facts.filter((fact) => !credited.some((other) => other === fact));
  const plain = alone.map((fact) => {
    const own = planOf(plan, [fact]);
    return compilePart(own, plainPart(own, fact));
  });
  if (credited.length === 0) return plain;
  const together = planOf(plan, credited);
  return [compilePart(together, creditedPart(together)), ...plain];
}
