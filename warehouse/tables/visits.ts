import { column } from '../column.ts';
import { defineTable } from '../table.ts';
import { touchColumns } from './touch-columns.ts';

export const visits = defineTable({
  name: 'visits',
  row: 'one visit of one browser',
  columns: {
    project: column.name('project'),
    visit_id: column.string('id of its first event'),
    visitor_id: column.uuid('browser'),
    started_at: column.instant('first event'),
    ended_at: column.instant('last event'),
    visit_no: column.uint32('how many-th visit of this browser'),
    pageviews: column.uint32('pages seen'),
    events: column.uint32('events of any type'),
    is_bot: column.flag('a robot: left out of reports unless they ask for it'),
    bot_reason: column.name('why: user_agent, headless, behaviour; empty when it is none'),
    ...touchColumns,
    utm_source_raw: column.string('as in the address'),
    utm_medium_raw: column.string('as in the address'),
    utm_campaign_raw: column.string('as in the address'),
    click_id_name: column.name('yclid, gclid, …'),
    click_id: column.string('its value'),
    has_macro: column.flag('an unexpanded {macro} was left in the marks'),
    form_ids: column.strings('forms sent'),
    site: column.name('public key of the site'),
    os_version: column.string('version of the operating system; empty when not told'),
    device_model: column.string('maker and model; empty when not told'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: no longer a visit'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  partitionBy: 'toYYYYMM(started_at)',
  orderBy: ['project', 'visitor_id', 'started_at', 'visit_id'],
});

export const touches = defineTable({
  name: 'touches',
  row: 'one contact of a person with the shop',
  columns: {
    project: column.name('project'),
    node: column.string('identity node it belongs to: visitor:<uuid>, phone:<hash>, …'),
    touched_at: column.instant('when'),
    touch_id: column.string('visit id, or <source>:<id> of an imported touch'),
    ...touchColumns,
    dropped: column.name('rule that takes it off every path: bot; empty when none'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: no longer a touch'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  partitionBy: 'toYYYYMM(touched_at)',
  orderBy: ['project', 'node', 'touched_at', 'touch_id'],
});

export const anonymousHits = defineTable({
  name: 'anonymous_hits',
  row: 'one event of somebody who refused to be counted as a visitor; in no visit, touch or person',
  columns: {
    project: column.name('project'),
    event_id: column.uuid('event'),
    happened_at: column.instant('when'),
    site: column.name('public key of the site'),
    type: column.name('event type'),
    page_host: column.string('host of the page'),
    page: column.string('path of the page'),
    channel: column.name('channel of this page view alone'),
    platform: column.name('ad platform'),
    source: column.string('source'),
    medium: column.string('medium'),
    referrer_host: column.string('host of the referrer'),
    is_bot: column.flag('names itself a robot'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: no longer an event'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  partitionBy: 'toYYYYMM(happened_at)',
  orderBy: ['project', 'happened_at', 'event_id'],
});
