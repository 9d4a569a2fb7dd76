import { column } from '../column.ts';
import { defineTable } from '../table.ts';

export const numberLeases = defineTable({
  name: 'number_leases',
  row: 'what is said of one lease of a number of call tracking to a visit; a lease ends at held_until, or before, where the next one of its number begins',
  columns: {
    project: column.name('project'),
    pool: column.name('pool of the configuration'),
    number: column.string('digits with the country, without a plus'),
    visit_id: column.string('visit as the collector answered it: the key v: of visit_keys'),
    visitor_id: column.uuid('browser that saw the number'),
    leased_at: column.instant('when it began'),
    held_until: column.instant('when it ends unless it is prolonged; not after leased_at: there never was one'),
    version: column.uint32('counts up; the greatest of a lease holds'),
    batch: column.string('spool segment it came with'),
  },
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['project', 'number', 'leased_at', 'visit_id'],
  settings: { non_replicated_deduplication_window: 10000 },
});
