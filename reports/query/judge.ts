import type { Condition, Filter } from '../contract.ts';
import { livesIn } from '../registry/dimension.ts';
import type { Fact } from '../registry/fact.ts';
import { dimensionOf } from './parse.ts';

/** Whether "no value" passes a condition. */
function emptyPasses({ op, value }: Condition): boolean {
  if (op === 'is_null') return value === true;
  return op === 'ne' || op === 'not_in';
}

/**
 * What a filter says about every row of a fact, from the dimensions that the fact does not have: all pass (true), none does (false), or
 * it depends on the row (undefined).
 */
export function judge(filter: Filter, fact: Fact): boolean | undefined {
  if ('or' in filter) {
    const verdicts = filter.or.map((member) => judge(member, fact));
    if (verdicts.includes(true)) return true;
    return verdicts.includes(undefined) ? undefined : false;
  }
  if ('and' in filter) {
    const verdicts = filter.and.map((member) => judge(member, fact));
    if (verdicts.includes(false)) return false;
    return verdicts.includes(undefined) ? undefined : true;
  }
  return livesIn(dimensionOf(filter.field), fact) ? undefined : emptyPasses(filter);
}
