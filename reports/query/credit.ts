import { sql } from 'kysely';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';
import { localDaySql } from './calendar-sql.ts';
import { campaignNames } from './grain.ts';
import type { Plan } from './plan.ts';

/** Dimensions that a credited row takes from its touch. */
export const touchDimensions = (plan: Plan): readonly Dimension[] =>
  [...plan.dimensions, ...plan.filterDimensions].filter((dimension) => dimension.touch !== undefined);

/** What a credited row takes from its touch: the instant, then the dimensions, each a text. */
const touchValues = (plan: Plan): readonly Sql[] => [
  sql`t.touched_at`,
  ...touchDimensions(plan).map((dimension) => sql`toString(${dimension.touch ?? sql`''`})`),
];

/** The element of the tuple `touch` that holds the instant, and the one that holds a dimension. */
export const touchInstant = 1;
export const touchElement = (plan: Plan, dimension: Dimension): number =>
  touchInstant + 1 + touchDimensions(plan).findIndex(({ name }) => name === dimension.name);

/** Touches of the given paths that lie in the window: whole local days before the day of the conversion, and not after it. */
function fromTouchesInWindow(plan: Plan, paths: Sql): Sql {
  const { timezone, attribution } = plan.query;
  return sql`FROM deal_touches AS t FINAL ${campaignNames(plan, 't')}
  WHERE t.project = ${plan.project.name} AND t.is_deleted = 0 AND t.dropped = '' AND t.path_id IN (
  ${paths}
  ) AND t.touched_at <= t.conversion_at
    AND ${localDaySql(sql`t.touched_at`, timezone)} >= ${localDaySql(sql`t.conversion_at`, timezone)} - ${attribution.window_days}
  GROUP BY t.path_id`;
}

/** Per path: the one touch that gets everything; a direct one only where the model keeps it or no other is known. */
export function soleTouchSql(plan: Plan, sole: 'first' | 'last', paths: Sql): Sql {
  const pick = sole === 'last' ? sql`argMax` : sql`argMin`;
  const giveWay = sole === 'last' ? sql`t.channel != 'Direct', ` : sql`t.channel = 'Direct', `;
  const order = plan.model.keepsDirect ? sql`t.position` : sql`(${giveWay}t.position)`;
  return sql`SELECT t.path_id AS path_id, ${pick}(tuple(${sql.join(touchValues(plan))}), ${order}) AS touch
  ${fromTouchesInWindow(plan, paths)}`;
}

/** Touches of the window in their order; direct ones give way to known ones unless the model keeps them. */
function pathsInWindow(plan: Plan, paths: Sql): Sql {
  const touch = sql.join([sql`t.position`, sql`t.channel = 'Direct'`, sql`tuple(${sql.join(touchValues(plan))})`]);
  const kept = plan.model.keepsDirect ? sql`seen` : sql`arrayFilter(touch -> NOT touch.2 OR only_direct, seen)`;
  return sql`SELECT t.path_id AS path_id, min(t.channel = 'Direct') AS only_direct, arraySort(groupArray((${touch}))) AS seen,
    arrayMap(touch -> touch.3, ${kept}) AS path
  ${fromTouchesInWindow(plan, paths)}`;
}

/**
 * Per path: its touches that get credit, in order, and their shares by the model, whole numbers > 0. Positions are counted inside the
 * window, after direct touches have given way to known ones.
 */
export function creditSql(plan: Plan, paths: Sql): Sql {
  const { model } = plan;
  const instant = (touch: string): string => `toUnixTimestamp64Milli(${touch}.${touchInstant})`;
  const share = model.share({
    position: 'toInt64(position)',
    length: 'toInt64(length(path))',
    ageMs: `(${instant('path[-1]')} - ${instant('touch')})`,
  });
  const shares = sql`arrayMap((touch, position) -> toInt64(${sql.raw(share)}), path, arrayEnumerate(path))`;
  const columns = model.mayBeNothing
    ? sql`${shares} AS all_shares, arrayFilter((touch, share) -> share > 0, path, all_shares) AS touches, arrayFilter(share -> share > 0, all_shares) AS shares`
    : sql`path AS touches, ${shares} AS shares`;
  return sql`SELECT path_id, ${columns}
FROM (
  ${pathsInWindow(plan, paths)}
)`;
}
