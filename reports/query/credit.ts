import { sql } from 'kysely';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';
import { localDaySql } from './calendar-sql.ts';
import { campaignNames } from './grain.ts';
import type { Plan } from './plan.ts';

/** Channels whose clicks are bought. */
const paidChannels =
  "('Cross-network', 'Display', 'Paid Other', 'Paid Search', 'Paid Shopping', 'Paid Social', 'Paid Video')";

/** Dimensions that a credited row takes from its touch. */
export const touchDimensions = (plan: Plan): readonly Dimension[] =>
  [...plan.dimensions, ...plan.filterDimensions].filter((dimension) => dimension.touch !== undefined);

const touchValues = (plan: Plan): Sql =>
  sql`tuple(${sql.join(touchDimensions(plan).map((dimension) => sql`toString(${dimension.touch ?? sql`''`})`))})`;

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

function pathsInWindow(plan: Plan, paths: Sql): Sql {
  const touch = [
    sql`t.touched_at`,
    sql`t.touch_id`,
    sql`t.channel = 'Direct'`,
    sql`t.channel IN ${sql.raw(paidChannels)}`,
    touchValues(plan),
  ];
  return sql`SELECT t.path_id AS path_id, arraySort(groupArray((${sql.join(touch)}))) AS seen
  ${fromTouchesInWindow(plan, paths)}`;
}

/** Per path: the one touch that gets everything, as (instant, dimensions); a direct one only where the model keeps it or no other is known. */
export function soleTouchSql(plan: Plan, sole: 'first' | 'last', paths: Sql): Sql {
  const order = sql`t.touched_at, t.touch_id`;
  const pick = sole === 'last' ? sql`argMax` : sql`argMin`;
  const giveWay = sole === 'last' ? sql`toUInt8(t.channel != 'Direct'), ` : sql`toUInt8(t.channel = 'Direct'), `;
  return sql`SELECT t.path_id AS path_id,
    ${pick}((t.touched_at, ${touchValues(plan)}), (${plan.model.keepsDirect ? sql`` : giveWay}${order})) AS touch
  ${fromTouchesInWindow(plan, paths)}`;
}

/**
 * Per path: its touches that get credit, in order, each as (instant, dimensions), and their shares by the model, whole numbers > 0.
 * Positions are counted inside the window, after direct touches have given way to known ones.
 */
export function creditSql(plan: Plan, paths: Sql): Sql {
  const kept = plan.model.keepsDirect
    ? sql`seen`
    : sql`if(arrayExists(touch -> NOT touch.3, seen), arrayFilter(touch -> NOT touch.3, seen), seen)`;
  const share = sql`toInt64(${sql.raw(plan.model.share)})`;
  return sql`SELECT path_id,
  arrayMap(touch -> (touch.1, touch.5), arrayFilter((touch, share) -> share > 0, path, raw_shares)) AS touches,
  arrayFilter(share -> share > 0, raw_shares) AS shares
FROM (
  SELECT path_id, path, toInt64(length(path)) AS n, toUnixTimestamp64Milli(path[-1].1) AS last_instant,
    arrayMap(touch -> toUnixTimestamp64Milli(touch.1), path) AS instants,
    arrayMap((p, age_ms, paid) -> ${share},
      arrayMap(position -> toInt64(position), arrayEnumerate(path)),
      arrayMap(instant -> last_instant - instant, instants),
      arrayMap(touch -> toInt64(touch.4), path)) AS raw_shares
  FROM (SELECT path_id, ${kept} AS path FROM (
  ${pathsInWindow(plan, paths)}
  ))
)`;
}
