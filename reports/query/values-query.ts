import { sql } from 'kysely';
import { compileOnly } from '../../warehouse/dialect/compile-only.ts';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Dimension } from '../registry/dimension.ts';
import type { Sql } from '../registry/fact.ts';

const names = (project: string): Sql => sql`(
  SELECT platform, campaign_id, campaign FROM campaigns FINAL
  WHERE project = ${project} AND is_deleted = 0) AS n`;

function from(dimension: Dimension, table: string, alias: string, project: string): Sql {
  const source = sql`${sql.raw(`${table} AS ${alias} FINAL`)}`;
  if (!dimension.usesCampaignNames) return source;
  return sql`${source} LEFT ANY JOIN ${names(project)} ON n.platform = ${sql.ref(`${alias}.platform`)} AND n.campaign_id = ${sql.ref(`${alias}.campaign_id`)}`;
}

/** The places a value may stand in, each a table with its alias in the registry. */
function places(dimension: Dimension): readonly { table: string; alias: string; value: Sql }[] {
  const { visits, anonymous, costs, deals, leads, payments } = dimension.own;
  const all = [
    { table: 'visits', alias: 'v', value: visits },
    { table: 'anonymous_hits', alias: 'a', value: anonymous },
    { table: 'costs', alias: 'c', value: costs },
    { table: 'deal_touches', alias: 't', value: dimension.touch },
    { table: 'deals', alias: 'd', value: deals },
    // What a request has of its deal stands with the deal.
    { table: 'leads', alias: 'l', value: leads === deals ? undefined : leads },
    { table: 'payments', alias: 'p', value: deals === undefined ? payments : undefined },
  ];
  return all.flatMap(({ value, ...place }) => (value === undefined ? [] : [{ ...place, value }]));
}

/** Asks for the different values of a dimension that contain a text, in any letter case, in order, after a given one. */
export function valuesQuery(dimension: Dimension, ask: { project: string; q: string; after: string; limit: number }) {
  const parts = places(dimension).map(
    ({
      table,
      alias,
      value,
    }) => sql`SELECT DISTINCT toString(${value}) AS value FROM ${from(dimension, table, alias, ask.project)}
WHERE ${sql.ref(`${alias}.project`)} = ${ask.project} AND ${sql.ref(`${alias}.is_deleted`)} = 0`,
  );
  const withoutTouch =
    dimension.withoutTouch === undefined ? [] : [sql`SELECT ${typed(dimension.withoutTouch, 'String')} AS value`];
  return sql<{ value: string }>`SELECT DISTINCT value FROM (
${sql.join([...parts, ...withoutTouch], sql`\nUNION ALL\n`)}
) WHERE value != '' AND value > ${ask.after} AND position(lowerUTF8(value), lowerUTF8(${ask.q})) > 0
ORDER BY value LIMIT ${ask.limit}`.compile(compileOnly<Database>());
}
