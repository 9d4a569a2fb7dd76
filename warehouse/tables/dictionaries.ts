import { column } from '../column.ts';
import { defineTable } from '../table.ts';

export const userAgents = defineTable({
  name: 'user_agents',
  row: 'one User-Agent text with the client hints beside it, and what they say',
  columns: {
    user_agent: column.string('header as sent'),
    client_hints: column.string('JSON object of the Sec-CH-UA headers; empty when there were none'),
    device: column.name('desktop, mobile, tablet, tv, other'),
    device_model: column.string('maker and model; empty when the browser does not tell'),
    os: column.name('operating system'),
    os_version: column.string('its version; empty when the browser does not tell'),
    browser: column.name('browser'),
    is_bot: column.flag('names itself a robot'),
    bot_reason: column.name('user_agent, headless; empty when it is none'),
    rules_version: column.uint32('version of the parser'),
  },
  engine: 'ReplacingMergeTree(rules_version)',
  orderBy: ['user_agent', 'client_hints'],
});

export const addresses = defineTable({
  name: 'addresses',
  row: 'one address, cut to /24 or /48, and what is known of it',
  columns: {
    ip: column.string('as in raw_events'),
    country: column.name('ISO 3166 code; empty when not known'),
    region: column.name('as the file of places names it'),
    city: column.name('as the file of places names it'),
    data_centre: column.name('cloud that it belongs to; empty when none is known'),
    rules_version: column.name('versions of the list of clouds and of the file of places'),
  },
  engine: 'ReplacingMergeTree',
  orderBy: ['ip', 'rules_version'],
});

export const trafficSources = defineTable({
  name: 'traffic_sources',
  row: 'one combination of landing marks and the source it means',
  columns: {
    project: column.name('project'),
    signature: column.uint64('hash of the marks below'),
    utm_source: column.string('as found on the landing, decoded'),
    utm_medium: column.string('as found on the landing, decoded'),
    utm_campaign: column.string('as found on the landing, decoded'),
    referrer_host: column.string('lower case, without www'),
    click_id: column.name('name of the click id parameter that was there'),
    source: column.string('lower-case name'),
    medium: column.string('lower case'),
    channel: column.name('channel group'),
    platform: column.name('ad platform or empty'),
    referrer_name: column.string('the host as people read it: Cyrillic in Unicode'),
    rules_version: column.uint32('version of the rules'),
  },
  engine: 'ReplacingMergeTree',
  orderBy: ['project', 'signature', 'rules_version'],
});

export const campaigns = defineTable({
  name: 'campaigns',
  row: 'one campaign of an ad platform under its newest name',
  columns: {
    project: column.name('project'),
    platform: column.name('ad platform'),
    campaign_id: column.string('id in the platform'),
    campaign: column.string('name'),
    named_at: column.instant('when a cost was last told under this name'),
    run_no: column.uint64('ETL run that wrote the row'),
    is_deleted: column.uint8('1: no cost names it any more'),
  },
  engine: 'ReplacingMergeTree(run_no, is_deleted)',
  orderBy: ['project', 'platform', 'campaign_id'],
});

export const currencyRates = defineTable({
  name: 'currency_rates',
  row: 'the rate of one currency on one day',
  columns: {
    project: column.name('project'),
    currency: column.name('ISO code'),
    date: column.date('day'),
    rate: column.money("units of the project's currency for one unit of this"),
    counted: column.uint8('1: what it prices has been counted with it').default('0'),
    loaded_at: column.instant('when').default("now64(3, 'UTC')"),
  },
  engine: 'ReplacingMergeTree(loaded_at)',
  orderBy: ['project', 'currency', 'date'],
});
