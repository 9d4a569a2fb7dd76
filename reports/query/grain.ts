import { sql } from 'kysely';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';
import { bucketSql } from './calendar-sql.ts';
import type { Plan } from './plan.ts';

/** Names of the columns that a part is grouped by: the bucket of the date, then the dimensions of the rows. */
export function grainColumns(plan: Plan): readonly Sql[] {
  const dimensions = plan.dimensions.map((_, index) => sql.ref(`dim_${index}`));
  return plan.query.granularity === null ? dimensions : [sql.ref('bucket'), ...dimensions];
}

/** The same with their values: what a part selects. Every value is a text, so that the parts unite. */
export function grainValues(plan: Plan, day: Sql, readValue: (dimension: Dimension) => Sql): readonly Sql[] {
  const dimensions = plan.dimensions.map(
    (dimension, index) => sql`toString(${readValue(dimension)}) AS ${sql.ref(`dim_${index}`)}`,
  );
  const { granularity } = plan.query;
  return granularity === null ? dimensions : [sql`${bucketSql(granularity, day)} AS bucket`, ...dimensions];
}

/** `GROUP BY` of a part; a part without a grain is one row. */
export function groupBy(plan: Plan): Sql {
  const columns = grainColumns(plan);
  return columns.length === 0 ? sql`` : sql`GROUP BY ${sql.join(columns)}`;
}

export const usesCampaignNames = (plan: Plan): boolean =>
  [...plan.dimensions, ...plan.filterDimensions].some((dimension) => dimension.usesCampaignNames);

/** Joins `n`, the newest name of each campaign of an ad platform, to the rows of a table. */
export function campaignNames(plan: Plan, alias: string): Sql {
  if (!usesCampaignNames(plan)) return sql``;
  return sql`LEFT ANY JOIN (
  SELECT platform, campaign_id, campaign FROM campaigns FINAL
  WHERE project = ${plan.project.name} AND is_deleted = 0
) AS n ON n.platform = ${sql.ref(`${alias}.platform`)} AND n.campaign_id = ${sql.ref(`${alias}.campaign_id`)}`;
}
