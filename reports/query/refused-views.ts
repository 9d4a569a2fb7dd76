import { sql } from 'kysely';
import type { Sql } from '../registry/fact.ts';
import type { Text } from '../registry/unit.ts';
import type { NoteRow } from './notes.ts';
import type { Plan } from './plan.ts';

/** Asks how many pages of the period people saw who refused. Nothing when the report counts no visits. */
export function refusedViewsSql(plan: Plan): readonly Sql[] {
  if (!plan.facts.includes('visits')) return [];
  const isCounted = plan.query.include_bots ? sql`1` : sql`NOT is_bot`;
  return [
    sql`SELECT 'refused_views', '', '', count(), toDateTime64(0, 3, 'UTC'), '', ''
FROM anonymous_hits FINAL
WHERE project = ${plan.project.name} AND is_deleted = 0 AND type = 'pageview' AND ${isCounted}
  AND happened_at >= ${plan.start} AND happened_at < ${plan.end}`,
  ];
}

export function refusedViewsWarnings(notes: readonly NoteRow[]): readonly Text[] {
  const found = notes.find(({ kind, number }) => kind === 'refused_views' && number !== '0');
  if (found === undefined) return [];
  return [
    {
      en: `page views of people who refused (${found.number} in the period) are in no visit: anonymous_pageviews counts them`,
      ru: `просмотры отказавшихся от учёта (${found.number} за период) не входят в визиты: их считает anonymous_pageviews`,
    },
  ];
}
