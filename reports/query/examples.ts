import { sql } from 'kysely';
import { compileOnly, runCompiled } from '../../warehouse/dialect/compile-only.ts';
import { typed } from '../../warehouse/dialect/typed-value.ts';
import type { Database } from '../../warehouse/tables/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Dimension } from '../registry/dimension.ts';
import { dimensions } from '../registry/dimensions.ts';
import type { Sql } from '../registry/fact.ts';

const count = 5;
const sampledRows = 50_000;

interface Place {
  readonly table: string;
  readonly alias: string;
  readonly read: (dimension: Dimension) => Sql | undefined;
}

/** Where examples are looked for, first come first. Campaigns are shown by their names in the costs. */
const places: readonly Place[] = [
  { table: 'visits', alias: 'v', read: ({ own, usesCampaignNames }) => (usesCampaignNames ? undefined : own.visits) },
  { table: 'costs', alias: 'c', read: ({ own, name }) => (name === 'campaign' ? sql`c.campaign` : own.costs) },
  { table: 'deals', alias: 'd', read: ({ own }) => own.deals },
  { table: 'payments', alias: 'p', read: ({ own }) => own.payments },
];

function exampleQuery(place: Place, wanted: readonly Dimension[], project: string) {
  const lists = wanted.map((dimension) => {
    const value = sql`toString(${place.read(dimension) ?? sql`''`})`;
    return sql`groupUniqArrayIf(${sql.raw(String(count))})(${value}, ${value} != '')`;
  });
  const names = typed(
    wanted.map((dimension) => dimension.name),
    'Array(String)',
  );
  return sql<{
    found: readonly (readonly [string, readonly string[]])[];
  }>`SELECT arrayZip(${names}, [${sql.join(lists)}]) AS found
FROM (SELECT * FROM ${sql.raw(place.table)} WHERE project = ${project} AND is_deleted = 0 LIMIT ${sampledRows}) AS ${sql.ref(place.alias)}`.compile(
    compileOnly<Database>(),
  );
}

/** A few values of each dimension that has a column of its own, from a sample of the newest-loaded rows. */
export async function dimensionExamples(
  warehouse: Pick<Warehouse, 'query'>,
  project: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const taken = new Set<string>();
  const queries = places.map((place) => {
    const wanted = dimensions.filter((dimension) => !taken.has(dimension.name) && place.read(dimension) !== undefined);
    for (const dimension of wanted) taken.add(dimension.name);
    return exampleQuery(place, wanted, project);
  });
  const answers = await Promise.all(queries.map((query) => runCompiled(warehouse, query, { timeoutMs: 30_000 })));
  return new Map(
    answers.flatMap((rows) => rows.flatMap((row) => row.found)).map(([name, values]) => [name, values.toSorted()]),
  );
}
