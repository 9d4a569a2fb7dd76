CREATE TABLE IF NOT EXISTS `raw_events`
(
  `project` LowCardinality(String) COMMENT 'project',
  `site` LowCardinality(String) COMMENT 'public key of the site',
  `event_id` UUID COMMENT 'id given by the sender; unique end to end',
  `visitor_id` UUID COMMENT 'browser that sent it',
  `visit_id` String COMMENT 'visit as the sender saw it, else the one that the collector answered; empty in history that does not say',
  `visit_code` UInt32 COMMENT 'short code of the visit, given by the collector; 0 when none',
  `type` LowCardinality(String) COMMENT 'event type',
  `occurred_at` DateTime64(3, 'UTC') COMMENT 'when it happened, by the sender',
  `received_at` DateTime64(3, 'UTC') COMMENT 'when it reached the collector',
  `url` String COMMENT 'address of the page with its query',
  `referrer` String COMMENT 'document.referrer',
  `title` String COMMENT 'title of the page',
  `form_id` String COMMENT 'id of the form',
  `form_name` String COMMENT 'name of the form',
  `form_page` String COMMENT 'page the form stood on',
  `order_id` String COMMENT 'order number of the shop',
  `order_amount` Nullable(Decimal(18, 6)) COMMENT 'amount of the order',
  `order_currency` LowCardinality(String) COMMENT 'ISO code',
  `items` String COMMENT 'JSON array of the items',
  `phone_hash` String COMMENT 'keyed hash of the phone',
  `email_hash` String COMMENT 'keyed hash of the e-mail',
  `user_id` String COMMENT 'id the shop knows the person by',
  `ym_client_id` String COMMENT 'Metrica ClientID',
  `props` String COMMENT 'JSON object of anything else',
  `ip` String COMMENT 'address cut to /24 or /48',
  `user_agent` String COMMENT 'User-Agent header',
  `client_hints` String DEFAULT '' COMMENT 'JSON object of the Sec-CH-UA headers by their names in lower case without it; empty when none',
  `channel_in` LowCardinality(String) COMMENT 'way in: collect, pixel, ingest',
  `consent` LowCardinality(String) COMMENT 'denied: of somebody who refused, its visitor_id made of its event_id and nothing in it but type, time, page and source; cookieless: of a browser that keeps no cookie, its visitor_id shared by all alike behind one address for a day; empty else',
  `batch` String COMMENT 'spool segment it came with'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (`project`, `visitor_id`, `occurred_at`, `event_id`)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000
COMMENT 'one event as the collector took it';

CREATE TABLE IF NOT EXISTS `raw_event_keys`
(
  `project` LowCardinality(String) COMMENT 'project',
  `event_id` UUID COMMENT 'event',
  `visitor_id` UUID COMMENT 'browser',
  `occurred_at` DateTime64(3, 'UTC') COMMENT 'when it happened, by the sender'
)
ENGINE = ReplacingMergeTree
ORDER BY (`project`, `event_id`, `visitor_id`, `occurred_at`)
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 10000
COMMENT 'one event id as one browser sent it';

CREATE TABLE IF NOT EXISTS `raw_batch_visitors`
(
  `batch` String COMMENT 'spool segment',
  `project` LowCardinality(String) COMMENT 'project',
  `visitor_id` UUID COMMENT 'browser',
  `loaded_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'when the row was written'
)
ENGINE = ReplacingMergeTree
ORDER BY (`batch`, `project`, `visitor_id`)
TTL toDateTime(loaded_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'one browser with events in one batch';

CREATE TABLE IF NOT EXISTS `visit_keys`
(
  `project` LowCardinality(String) COMMENT 'project',
  `key` String COMMENT 'v:<visit id> or c:<visit code>',
  `visitor_id` UUID COMMENT 'browser',
  `first_at` SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'first event that carried the key'
)
ENGINE = AggregatingMergeTree
ORDER BY (`project`, `key`, `visitor_id`)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'one visit id or visit code seen with one browser';

CREATE TABLE IF NOT EXISTS `number_leases`
(
  `project` LowCardinality(String) COMMENT 'project',
  `pool` LowCardinality(String) COMMENT 'pool of the configuration',
  `number` String COMMENT 'digits with the country, without a plus',
  `visit_id` String COMMENT 'visit as the collector answered it: the key v: of visit_keys',
  `visitor_id` UUID COMMENT 'browser that saw the number',
  `leased_at` DateTime64(3, 'UTC') COMMENT 'when it began',
  `held_until` DateTime64(3, 'UTC') COMMENT 'when it ends unless it is prolonged; not after leased_at: there never was one',
  `version` UInt32 COMMENT 'counts up; the greatest of a lease holds',
  `batch` String COMMENT 'spool segment it came with'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (`project`, `number`, `leased_at`, `visit_id`)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'what is said of one lease of a number of call tracking to a visit; a lease ends at held_until, or before, where the next one of its number begins';

CREATE TABLE IF NOT EXISTS `raw_records`
(
  `project` LowCardinality(String) COMMENT 'project',
  `source` LowCardinality(String) COMMENT 'id of the source in the configuration, or the sender named in an ingest row',
  `entity` LowCardinality(String) COMMENT 'deal, payment, cost, lead, touch, client, stage',
  `record_id` String COMMENT 'id in the source',
  `record_version` String COMMENT 'version mark of the source, compared for equality only',
  `version_at` DateTime64(3, 'UTC') COMMENT 'instant of this version by the source, else when it was fetched',
  `fetched_at` DateTime64(3, 'UTC') COMMENT 'when it reached us',
  `deleted` Bool COMMENT 'the source no longer has it',
  `payload` String COMMENT 'JSON as it came, contacts removed',
  `record` String COMMENT 'JSON of the same in our shape (domain/record), contacts hashed; empty when deleted',
  `batch` String COMMENT 'spool segment or pull page it came with'
)
ENGINE = MergeTree
ORDER BY (`project`, `entity`, `source`, `record_id`, `version_at`, `fetched_at`)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'one version of one source record';

CREATE TABLE IF NOT EXISTS `raw_batches`
(
  `project` LowCardinality(String) COMMENT 'project',
  `batch` String COMMENT 'spool segment or pull page',
  `kind` LowCardinality(String) COMMENT 'events or records',
  `rows` UInt64 COMMENT 'rows in it',
  `loaded_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'when it was loaded',
  `done` UInt8 DEFAULT 0 COMMENT '1: every stage has taken it'
)
ENGINE = ReplacingMergeTree(done)
ORDER BY (`project`, `batch`)
COMMENT 'one batch wholly loaded into a raw table';

CREATE TABLE IF NOT EXISTS `rejected`
(
  `project` LowCardinality(String) COMMENT 'project',
  `rejected_id` String COMMENT 'id',
  `rejected_at` DateTime64(3, 'UTC') COMMENT 'when',
  `source` LowCardinality(String) COMMENT 'collect, ingest, exchange, or the id of a source',
  `entity` LowCardinality(String) COMMENT 'what it was to be',
  `reason` LowCardinality(String) COMMENT 'why, from a closed list',
  `place` String COMMENT 'where in the input',
  `detail` String COMMENT 'the same in words',
  `payload` String COMMENT 'what came, contacts removed',
  `batch` String COMMENT 'spool segment it came with'
)
ENGINE = ReplacingMergeTree
ORDER BY (`project`, `rejected_at`, `rejected_id`)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'one thing we could not take';

CREATE TABLE IF NOT EXISTS `set_aside`
(
  `project` LowCardinality(String) COMMENT 'project',
  `batch` String COMMENT 'spool segment or pull page it came with',
  `key` String COMMENT 'event:<uuid> or <entity>:<source>:<id>',
  `detail` String COMMENT 'stage and error',
  `set_aside_at` DateTime64(3, 'UTC') COMMENT 'when',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: taken in again'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `batch`, `key`)
COMMENT 'one event or record version that some statement of the stages refused';

CREATE TABLE IF NOT EXISTS `staged_deals`
(
  `project` LowCardinality(String) COMMENT 'project',
  `deal_key` String COMMENT '<source>:<id>',
  `deal_source` LowCardinality(String) COMMENT 'source',
  `deal_id` String COMMENT 'id in the source',
  `role` LowCardinality(String) COMMENT 'crm, shop or accounting: who leads when several know one order',
  `order_id` String COMMENT 'order number of the shop',
  `created_at` DateTime64(3, 'UTC') COMMENT 'creation by the source',
  `updated_at` DateTime64(3, 'UTC') COMMENT 'last change by the source',
  `closed_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'end by the source',
  `amount` Decimal(18, 6) COMMENT 'amount by the source, its currency',
  `currency` LowCardinality(String) COMMENT 'ISO code',
  `amount_base` Decimal(18, 6) COMMENT 'amount in the project\'s currency',
  `status_group` LowCardinality(String) COMMENT 'open, won, lost, excluded',
  `status` LowCardinality(String) COMMENT 'stage id',
  `status_name` LowCardinality(String) COMMENT 'stage name',
  `loss_reason` LowCardinality(String) COMMENT 'why it was lost',
  `manager` LowCardinality(String) COMMENT 'who keeps it',
  `pipeline` LowCardinality(String) COMMENT 'pipeline',
  `cogs` Nullable(Decimal(18, 6)) COMMENT 'cost of the goods',
  `delivery_cost` Nullable(Decimal(18, 6)) COMMENT 'delivery and commission',
  `fields` Map(String, String) COMMENT 'any other field of the source',
  `visit` String COMMENT 'visit id',
  `visit_code` String COMMENT 'visit code, digits only',
  `visitor` String COMMENT 'visitor id',
  `ym_client_id` String COMMENT 'Metrica ClientID',
  `phone_hashes` Array(String) COMMENT 'keyed hashes',
  `email_hashes` Array(String) COMMENT 'keyed hashes',
  `contact_id` String COMMENT 'client in the source',
  `lead_id` String COMMENT 'lead in the source',
  `merged_into` String COMMENT 'deal it was merged into',
  `listed_at` DateTime64(3, 'UTC') COMMENT 'when it was last told with all its payments; the epoch when it never was',
  `listed_payments` Array(String) COMMENT 'ids of those payments',
  `rate` Decimal(18, 6) COMMENT 'units of the project\'s currency for one unit of its own; 0 when not known',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: gone from the source'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `deal_key`)
COMMENT 'one deal as its source tells it now';

CREATE TABLE IF NOT EXISTS `staged_payments`
(
  `project` LowCardinality(String) COMMENT 'project',
  `payment_key` String COMMENT '<source>:<id>',
  `payment_source` LowCardinality(String) COMMENT 'source',
  `payment_id` String COMMENT 'id in the source',
  `paid_at` DateTime64(3, 'UTC') COMMENT 'when the money moved',
  `amount` Decimal(18, 6) COMMENT 'signed: a refund is negative',
  `currency` LowCardinality(String) COMMENT 'ISO code',
  `amount_base` Decimal(18, 6) COMMENT 'in the project\'s currency',
  `payment_method` LowCardinality(String) COMMENT 'how it was paid',
  `document` String COMMENT 'number of the document',
  `deal_ref_key` String COMMENT '<source>:<id> of the deal it names; empty when none',
  `order_id` String COMMENT 'order number it names; empty when none',
  `implied` Bool COMMENT 'the order says that it is paid; it counts while no document pays the order',
  `part_of` String COMMENT 'document that stands within deals, of which it is what pays one; empty when told by itself',
  `cancelled` Bool COMMENT 'no money moved; it outdates what was told before of the same money',
  `told_at` DateTime64(3, 'UTC') COMMENT 'instant of what its source tells',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: gone, or without a rate'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `payment_key`)
COMMENT 'one money movement as its source tells it now';

CREATE TABLE IF NOT EXISTS `staged_leads`
(
  `project` LowCardinality(String) COMMENT 'project',
  `lead_id` String COMMENT 'event:<uuid> or <source>:<id>',
  `node` String COMMENT 'identity node it belongs to: visitor:<uuid>, visit:<visitor>/<visit>, event:<visitor>/<event> or lead:<source>:<id>',
  `source` LowCardinality(String) COMMENT 'tracker, or the source',
  `kind` LowCardinality(String) COMMENT 'form, call, chat, email, cart, crm, offline',
  `created_at` DateTime64(3, 'UTC') COMMENT 'when',
  `form_id` String COMMENT 'form',
  `request_page` String COMMENT 'page of the request',
  `order_id` String COMMENT 'order number of the shop',
  `deal_ref_key` String COMMENT '<source>:<id> of the deal it names; empty when none',
  `visit` String COMMENT 'visit id',
  `visit_code` String COMMENT 'visit code, digits only',
  `visitor` String COMMENT 'visitor id',
  `ym_client_id` String COMMENT 'Metrica ClientID',
  `phone_hashes` Array(String) COMMENT 'keyed hashes',
  `email_hashes` Array(String) COMMENT 'keyed hashes',
  `contact_id` String COMMENT 'client in the source',
  `duplicate_of` String COMMENT 'request of the same browser or source that this one repeats',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: gone'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `node`, `lead_id`)
COMMENT 'one request as its event or source tells it now';

CREATE TABLE IF NOT EXISTS `user_agents`
(
  `user_agent` String COMMENT 'header as sent',
  `client_hints` String COMMENT 'JSON object of the Sec-CH-UA headers; empty when there were none',
  `device` LowCardinality(String) COMMENT 'desktop, mobile, tablet, tv, other',
  `device_model` String COMMENT 'maker and model; empty when the browser does not tell',
  `os` LowCardinality(String) COMMENT 'operating system',
  `os_version` String COMMENT 'its version; empty when the browser does not tell',
  `browser` LowCardinality(String) COMMENT 'browser',
  `is_bot` Bool COMMENT 'names itself a robot',
  `bot_reason` LowCardinality(String) COMMENT 'user_agent, headless; empty when it is none',
  `rules_version` UInt32 COMMENT 'version of the parser'
)
ENGINE = ReplacingMergeTree(rules_version)
ORDER BY (`user_agent`, `client_hints`)
COMMENT 'one User-Agent text with the client hints beside it, and what they say';

CREATE TABLE IF NOT EXISTS `addresses`
(
  `ip` String COMMENT 'as in raw_events',
  `country` LowCardinality(String) COMMENT 'ISO 3166 code; empty when not known',
  `region` LowCardinality(String) COMMENT 'as the file of places names it',
  `city` LowCardinality(String) COMMENT 'as the file of places names it',
  `data_centre` LowCardinality(String) COMMENT 'cloud that it belongs to; empty when none is known',
  `rules_version` LowCardinality(String) COMMENT 'versions of the list of clouds and of the file of places'
)
ENGINE = ReplacingMergeTree
ORDER BY (`ip`, `rules_version`)
COMMENT 'one address, cut to /24 or /48, and what is known of it';

CREATE TABLE IF NOT EXISTS `traffic_sources`
(
  `project` LowCardinality(String) COMMENT 'project',
  `signature` UInt64 COMMENT 'hash of the marks below',
  `utm_source` String COMMENT 'as found on the landing, decoded',
  `utm_medium` String COMMENT 'as found on the landing, decoded',
  `utm_campaign` String COMMENT 'as found on the landing, decoded',
  `referrer_host` String COMMENT 'lower case, without www',
  `click_id` LowCardinality(String) COMMENT 'name of the click id parameter that was there',
  `source` String COMMENT 'lower-case name',
  `medium` String COMMENT 'lower case',
  `channel` LowCardinality(String) COMMENT 'channel group',
  `platform` LowCardinality(String) COMMENT 'ad platform or empty',
  `referrer_name` String COMMENT 'the host as people read it: Cyrillic in Unicode',
  `rules_version` UInt32 COMMENT 'version of the rules'
)
ENGINE = ReplacingMergeTree
ORDER BY (`project`, `signature`, `rules_version`)
COMMENT 'one combination of landing marks and the source it means';

CREATE TABLE IF NOT EXISTS `identity_edges`
(
  `project` LowCardinality(String) COMMENT 'project',
  `node_a` String COMMENT 'visitor:<uuid>, visit:<visitor>/<visit> and event:<visitor>/<event> without a cookie, phone:<hash>, email:<hash>, user:<id>, ym:<id>, order:<number>, contact:<source>:<id>, deal:<deal key>, lead:<source>:<id>, touch:<source>:<id>',
  `node_b` String COMMENT 'the other end',
  `center` String COMMENT 'the end that witnesses it: a visitor, deal, lead, touch or contact',
  `via` LowCardinality(String) COMMENT 'kind of key: visit_code, visitor, order, ym_client_id, phone, email, contact, user, deal',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: no longer witnessed'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `node_a`, `node_b`, `center`)
COMMENT 'one end of one piece of evidence that two identifiers belong to one person';

CREATE TABLE IF NOT EXISTS `identity_links`
(
  `project` LowCardinality(String) COMMENT 'project',
  `node` String COMMENT 'identifier',
  `client_id` String COMMENT 'person: hash of the smallest identifier of the group',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row'
)
ENGINE = ReplacingMergeTree(run_no)
ORDER BY (`project`, `node`)
COMMENT 'one identifier and the person it belongs to';

CREATE TABLE IF NOT EXISTS `visits`
(
  `project` LowCardinality(String) COMMENT 'project',
  `visit_id` String COMMENT 'id of its first event',
  `visitor_id` UUID COMMENT 'browser',
  `started_at` DateTime64(3, 'UTC') COMMENT 'first event',
  `ended_at` DateTime64(3, 'UTC') COMMENT 'last event',
  `visit_no` UInt32 COMMENT 'how many-th visit of this browser',
  `pageviews` UInt32 COMMENT 'pages seen',
  `events` UInt32 COMMENT 'events of any type',
  `is_bot` Bool COMMENT 'a robot: left out of reports unless they ask for it',
  `bot_reason` LowCardinality(String) COMMENT 'why: user_agent, headless, behaviour; empty when it is none',
  `channel` LowCardinality(String) COMMENT 'channel group',
  `platform` LowCardinality(String) COMMENT 'ad platform or empty',
  `source` LowCardinality(String) COMMENT 'lower-case name',
  `medium` LowCardinality(String) COMMENT 'lower case',
  `campaign` String COMMENT 'utm_campaign, decoded',
  `campaign_id` String COMMENT 'id in the ad platform',
  `adgroup_id` String COMMENT 'id in the ad platform',
  `ad_id` String COMMENT 'id in the ad platform',
  `keyword` String COMMENT 'utm_term of a paid search visit',
  `content` String COMMENT 'utm_content, decoded',
  `term` String COMMENT 'utm_term, decoded',
  `referrer_host` String COMMENT 'lower case, without www, Cyrillic in Unicode',
  `landing_host` LowCardinality(String) COMMENT 'host of the first page',
  `landing_page` String COMMENT 'path of the first page',
  `entry_title` String COMMENT 'title of the first page',
  `device` LowCardinality(String) COMMENT 'desktop, mobile, tablet, tv, other',
  `os` LowCardinality(String) COMMENT 'operating system',
  `browser` LowCardinality(String) COMMENT 'browser',
  `country` LowCardinality(String) COMMENT 'ISO 3166 code of the country; empty when not known',
  `region` LowCardinality(String) COMMENT 'region as the file of places names it',
  `city` LowCardinality(String) COMMENT 'city as the file of places names it',
  `visit_kind` LowCardinality(String) COMMENT 'new or returning browser; empty for other touches',
  `touch_kind` LowCardinality(String) COMMENT 'visit, call, chat, email, form, offline',
  `utm_source_raw` String COMMENT 'as in the address',
  `utm_medium_raw` String COMMENT 'as in the address',
  `utm_campaign_raw` String COMMENT 'as in the address',
  `click_id_name` LowCardinality(String) COMMENT 'yclid, gclid, …',
  `click_id` String COMMENT 'its value',
  `has_macro` Bool COMMENT 'an unexpanded {macro} was left in the marks',
  `form_ids` Array(String) COMMENT 'forms sent',
  `site` LowCardinality(String) COMMENT 'public key of the site',
  `os_version` String COMMENT 'version of the operating system; empty when not told',
  `device_model` String COMMENT 'maker and model; empty when not told',
  `data_centre` LowCardinality(String) COMMENT 'cloud that the address belongs to; empty when none is known',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: no longer a visit'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
PARTITION BY toYYYYMM(started_at)
ORDER BY (`project`, `visitor_id`, `started_at`, `visit_id`)
COMMENT 'one visit of one browser';

CREATE TABLE IF NOT EXISTS `touches`
(
  `project` LowCardinality(String) COMMENT 'project',
  `node` String COMMENT 'identity node it belongs to: visitor:<uuid>, visit:<visitor>/<visit>, phone:<hash>, …',
  `touched_at` DateTime64(3, 'UTC') COMMENT 'when',
  `touch_id` String COMMENT 'visit id, or <source>:<id> of an imported touch',
  `channel` LowCardinality(String) COMMENT 'channel group',
  `platform` LowCardinality(String) COMMENT 'ad platform or empty',
  `source` LowCardinality(String) COMMENT 'lower-case name',
  `medium` LowCardinality(String) COMMENT 'lower case',
  `campaign` String COMMENT 'utm_campaign, decoded',
  `campaign_id` String COMMENT 'id in the ad platform',
  `adgroup_id` String COMMENT 'id in the ad platform',
  `ad_id` String COMMENT 'id in the ad platform',
  `keyword` String COMMENT 'utm_term of a paid search visit',
  `content` String COMMENT 'utm_content, decoded',
  `term` String COMMENT 'utm_term, decoded',
  `referrer_host` String COMMENT 'lower case, without www, Cyrillic in Unicode',
  `landing_host` LowCardinality(String) COMMENT 'host of the first page',
  `landing_page` String COMMENT 'path of the first page',
  `entry_title` String COMMENT 'title of the first page',
  `device` LowCardinality(String) COMMENT 'desktop, mobile, tablet, tv, other',
  `os` LowCardinality(String) COMMENT 'operating system',
  `browser` LowCardinality(String) COMMENT 'browser',
  `country` LowCardinality(String) COMMENT 'ISO 3166 code of the country; empty when not known',
  `region` LowCardinality(String) COMMENT 'region as the file of places names it',
  `city` LowCardinality(String) COMMENT 'city as the file of places names it',
  `visit_kind` LowCardinality(String) COMMENT 'new or returning browser; empty for other touches',
  `touch_kind` LowCardinality(String) COMMENT 'visit, call, chat, email, form, offline',
  `dropped` LowCardinality(String) COMMENT 'rule that takes it off every path: bot; empty when none',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: no longer a touch'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
PARTITION BY toYYYYMM(touched_at)
ORDER BY (`project`, `node`, `touched_at`, `touch_id`)
COMMENT 'one contact of a person with the shop';

CREATE TABLE IF NOT EXISTS `anonymous_hits`
(
  `project` LowCardinality(String) COMMENT 'project',
  `event_id` UUID COMMENT 'event',
  `happened_at` DateTime64(3, 'UTC') COMMENT 'when',
  `site` LowCardinality(String) COMMENT 'public key of the site',
  `type` LowCardinality(String) COMMENT 'event type',
  `page_host` String COMMENT 'host of the page',
  `page` String COMMENT 'path of the page',
  `channel` LowCardinality(String) COMMENT 'channel of this page view alone',
  `platform` LowCardinality(String) COMMENT 'ad platform',
  `source` String COMMENT 'source',
  `medium` String COMMENT 'medium',
  `referrer_host` String COMMENT 'host of the referrer',
  `is_bot` Bool COMMENT 'names itself a robot',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: no longer an event'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
PARTITION BY toYYYYMM(happened_at)
ORDER BY (`project`, `happened_at`, `event_id`)
COMMENT 'one event of somebody who refused to be counted as a visitor; in no visit, touch or person';

CREATE TABLE IF NOT EXISTS `leads`
(
  `project` LowCardinality(String) COMMENT 'project',
  `lead_id` String COMMENT 'event:<uuid>, <source>:<id>, or deal:<deal key> for a deal that no other request precedes',
  `source` LowCardinality(String) COMMENT 'tracker, or the source',
  `kind` LowCardinality(String) COMMENT 'form, call, chat, email, cart, crm, offline',
  `created_at` DateTime64(3, 'UTC') COMMENT 'when',
  `form_id` String COMMENT 'form',
  `request_page` String COMMENT 'page of the request',
  `order_id` String COMMENT 'order number of the shop',
  `client_id` String COMMENT 'person',
  `deal_key` String COMMENT 'first deal that came of it; empty when none',
  `path_id` String COMMENT 'path that credits it: that of its deal, else its own',
  `duplicate_of` String COMMENT 'request that this one repeats; empty when it counts',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: no longer a request'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `lead_id`)
COMMENT 'one request of a person';

CREATE TABLE IF NOT EXISTS `deals`
(
  `project` LowCardinality(String) COMMENT 'project',
  `deal_key` String COMMENT '<source>:<id>',
  `deal_source` LowCardinality(String) COMMENT 'source',
  `deal_id` String COMMENT 'id in the source',
  `role` LowCardinality(String) COMMENT 'crm, shop or accounting: who leads when several know one order',
  `order_id` String COMMENT 'order number of the shop',
  `created_at` DateTime64(3, 'UTC') COMMENT 'creation by the source',
  `updated_at` DateTime64(3, 'UTC') COMMENT 'last change by the source',
  `closed_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'end by the source',
  `amount` Decimal(18, 6) COMMENT 'amount by the source, its currency',
  `currency` LowCardinality(String) COMMENT 'ISO code',
  `amount_base` Decimal(18, 6) COMMENT 'amount in the project\'s currency',
  `status_group` LowCardinality(String) COMMENT 'open, won, lost, excluded',
  `status` LowCardinality(String) COMMENT 'stage id',
  `status_name` LowCardinality(String) COMMENT 'stage name',
  `loss_reason` LowCardinality(String) COMMENT 'why it was lost',
  `manager` LowCardinality(String) COMMENT 'who keeps it',
  `pipeline` LowCardinality(String) COMMENT 'pipeline',
  `cogs` Nullable(Decimal(18, 6)) COMMENT 'cost of the goods',
  `delivery_cost` Nullable(Decimal(18, 6)) COMMENT 'delivery and commission',
  `fields` Map(String, String) COMMENT 'any other field of the source',
  `client_id` String COMMENT 'person',
  `matched_by` LowCardinality(String) COMMENT 'key that led to the person: visit_code, visitor, order, ym_client_id, phone, email, contact, deal, none',
  `same_as` String COMMENT 'leading deal of the same order or merge; the row is then not counted',
  `lead_id` String COMMENT 'request it came of',
  `lead_at` DateTime64(3, 'UTC') COMMENT 'instant of that request: the conversion instant',
  `form_id` String COMMENT 'form of the request',
  `request_page` String COMMENT 'page of the request',
  `cogs_base` Decimal(18, 6) COMMENT 'cost of the goods in the project\'s currency; 0 when not known',
  `delivery_base` Decimal(18, 6) COMMENT 'delivery and commission in the project\'s currency; 0 when not known',
  `paid_net` Decimal(18, 6) COMMENT 'payments minus refunds in the project\'s currency',
  `first_paid_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'first payment',
  `is_sale` Bool COMMENT 'counts as a sale by the money source of the project',
  `sale_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'instant of the sale: first payment, else the win',
  `sale_no` UInt32 COMMENT 'how many-th sale of the person; 0 when not a sale',
  `first_sale_path` String COMMENT 'path that won the person: of their first sale',
  `first_sale_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'first sale of the person',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: gone'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `deal_key`)
COMMENT 'one deal, its person and its money';

CREATE TABLE IF NOT EXISTS `deal_items`
(
  `project` LowCardinality(String) COMMENT 'project',
  `deal_key` String COMMENT 'deal',
  `line_no` UInt32 COMMENT 'counts from 1',
  `product_id` String COMMENT 'product',
  `name` String COMMENT 'name',
  `quantity` Decimal(18, 6) COMMENT 'how many',
  `price` Decimal(18, 6) COMMENT 'price of one',
  `cogs` Nullable(Decimal(18, 6)) COMMENT 'cost of one',
  `category` String COMMENT 'category',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: gone'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `deal_key`, `line_no`)
COMMENT 'one line of a deal';

CREATE TABLE IF NOT EXISTS `deal_stages`
(
  `project` LowCardinality(String) COMMENT 'project',
  `deal_key` String COMMENT 'deal',
  `entered_at` DateTime64(3, 'UTC') COMMENT 'when',
  `stage_key` String COMMENT 'id of the step in the source',
  `status` LowCardinality(String) COMMENT 'stage id',
  `status_name` LowCardinality(String) COMMENT 'stage name',
  `status_group` LowCardinality(String) COMMENT 'open, won, lost, excluded',
  `told_at` DateTime64(3, 'UTC') COMMENT 'instant of what the source told',
  `tells_deal` Bool COMMENT 'told without the deal: it decides its status while it is newer',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: gone'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `deal_key`, `entered_at`, `stage_key`)
COMMENT 'one step of a deal into a stage';

CREATE TABLE IF NOT EXISTS `deal_touches`
(
  `project` LowCardinality(String) COMMENT 'project',
  `path_id` String COMMENT 'deal:<deal key> or lead:<lead id>',
  `touched_at` DateTime64(3, 'UTC') COMMENT 'when',
  `touch_id` String COMMENT 'touch',
  `conversion_at` DateTime64(3, 'UTC') COMMENT 'instant the path leads to',
  `position` UInt32 COMMENT 'counts from 1 by (instant, id)',
  `path_length` UInt32 COMMENT 'touches on the path',
  `seconds_before` UInt64 COMMENT 'from the touch to the conversion',
  `dropped` LowCardinality(String) COMMENT 'rule that took it off the path; empty when it counts',
  `client_id` String COMMENT 'person',
  `channel` LowCardinality(String) COMMENT 'channel group',
  `platform` LowCardinality(String) COMMENT 'ad platform or empty',
  `source` LowCardinality(String) COMMENT 'lower-case name',
  `medium` LowCardinality(String) COMMENT 'lower case',
  `campaign` String COMMENT 'utm_campaign, decoded',
  `campaign_id` String COMMENT 'id in the ad platform',
  `adgroup_id` String COMMENT 'id in the ad platform',
  `ad_id` String COMMENT 'id in the ad platform',
  `keyword` String COMMENT 'utm_term of a paid search visit',
  `content` String COMMENT 'utm_content, decoded',
  `term` String COMMENT 'utm_term, decoded',
  `referrer_host` String COMMENT 'lower case, without www, Cyrillic in Unicode',
  `landing_host` LowCardinality(String) COMMENT 'host of the first page',
  `landing_page` String COMMENT 'path of the first page',
  `entry_title` String COMMENT 'title of the first page',
  `device` LowCardinality(String) COMMENT 'desktop, mobile, tablet, tv, other',
  `os` LowCardinality(String) COMMENT 'operating system',
  `browser` LowCardinality(String) COMMENT 'browser',
  `country` LowCardinality(String) COMMENT 'ISO 3166 code of the country; empty when not known',
  `region` LowCardinality(String) COMMENT 'region as the file of places names it',
  `city` LowCardinality(String) COMMENT 'city as the file of places names it',
  `visit_kind` LowCardinality(String) COMMENT 'new or returning browser; empty for other touches',
  `touch_kind` LowCardinality(String) COMMENT 'visit, call, chat, email, form, offline',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: no longer on the path'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `path_id`, `touched_at`, `touch_id`)
COMMENT 'one touch on the path of one deal or of a request without a deal';

CREATE TABLE IF NOT EXISTS `payments`
(
  `project` LowCardinality(String) COMMENT 'project',
  `payment_key` String COMMENT '<source>:<id>',
  `payment_source` LowCardinality(String) COMMENT 'source',
  `payment_id` String COMMENT 'id in the source',
  `paid_at` DateTime64(3, 'UTC') COMMENT 'when the money moved',
  `amount` Decimal(18, 6) COMMENT 'signed: a refund is negative',
  `currency` LowCardinality(String) COMMENT 'ISO code',
  `amount_base` Decimal(18, 6) COMMENT 'in the project\'s currency',
  `payment_method` LowCardinality(String) COMMENT 'how it was paid',
  `document` String COMMENT 'number of the document',
  `deal_key` String COMMENT 'leading deal; empty when no deal is known',
  `client_id` String COMMENT 'person; empty when no deal is known',
  `deal_group` LowCardinality(String) COMMENT 'status group of the deal; empty when no deal is known',
  `deal_at` DateTime64(3, 'UTC') COMMENT 'creation of the deal; of a payment without one, the payment',
  `lead_at` DateTime64(3, 'UTC') COMMENT 'request of the deal; of a payment without one, the payment',
  `cost_known` Bool COMMENT 'the deal knows the cost of its goods',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: cancelled or gone'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `payment_key`)
COMMENT 'one dated, signed money movement and the deal it belongs to';

CREATE TABLE IF NOT EXISTS `costs`
(
  `project` LowCardinality(String) COMMENT 'project',
  `date` Date COMMENT 'local day of the spend',
  `record_key` String COMMENT '<source>:<id>',
  `cost_key` String COMMENT '<source>:<id>:<day>',
  `cost_source` LowCardinality(String) COMMENT 'source',
  `account` String COMMENT 'ad account',
  `cost_level` LowCardinality(String) COMMENT 'account, campaign, adgroup, ad, keyword',
  `kind` LowCardinality(String) COMMENT 'media, fee, other',
  `channel` LowCardinality(String) COMMENT 'channel group',
  `platform` LowCardinality(String) COMMENT 'ad platform or empty',
  `source` LowCardinality(String) COMMENT 'lower-case name',
  `medium` LowCardinality(String) COMMENT 'lower case',
  `campaign` String COMMENT 'name, else utm_campaign',
  `has_name` Bool COMMENT 'campaign is its name and not utm_campaign',
  `campaign_id` String COMMENT 'id in the platform',
  `adgroup_id` String COMMENT 'id in the platform',
  `ad_id` String COMMENT 'id in the platform',
  `keyword` String COMMENT 'keyword',
  `content` String COMMENT 'utm_content',
  `term` String COMMENT 'utm_term',
  `cost_net` Decimal(18, 6) COMMENT 'without VAT',
  `vat` Decimal(18, 6) COMMENT 'VAT',
  `cost_gross` Decimal(18, 6) COMMENT 'with VAT',
  `currency` LowCardinality(String) COMMENT 'ISO code',
  `rate` Decimal(18, 6) COMMENT 'to the project\'s currency',
  `cost_net_base` Decimal(18, 6) COMMENT 'without VAT, project\'s currency',
  `cost_gross_base` Decimal(18, 6) COMMENT 'with VAT, project\'s currency',
  `impressions` UInt64 COMMENT 'shown',
  `clicks` UInt64 COMMENT 'clicked',
  `told_at` DateTime64(3, 'UTC') COMMENT 'instant of what its source tells',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: gone from the source'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
PARTITION BY toYYYYMM(date)
ORDER BY (`project`, `record_key`, `date`)
COMMENT 'one cost of one day';

CREATE TABLE IF NOT EXISTS `campaigns`
(
  `project` LowCardinality(String) COMMENT 'project',
  `platform` LowCardinality(String) COMMENT 'ad platform',
  `campaign_id` String COMMENT 'id in the platform',
  `campaign` String COMMENT 'name',
  `named_at` DateTime64(3, 'UTC') COMMENT 'when a cost was last told under this name',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: no cost names it any more'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `platform`, `campaign_id`)
COMMENT 'one campaign of an ad platform under its newest name';

CREATE TABLE IF NOT EXISTS `clients`
(
  `project` LowCardinality(String) COMMENT 'project',
  `client_id` String COMMENT 'person',
  `identifiers` UInt32 COMMENT 'identifiers known',
  `deals` UInt32 COMMENT 'deals that count',
  `sales` UInt32 COMMENT 'sales',
  `first_sale_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'first sale',
  `last_sale_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'last sale',
  `revenue` Decimal(18, 6) COMMENT 'payments minus refunds in the project\'s currency',
  `run_no` UInt64 COMMENT 'ETL run that wrote the row',
  `is_deleted` UInt8 COMMENT '1: merged into another'
)
ENGINE = ReplacingMergeTree(run_no, is_deleted)
ORDER BY (`project`, `client_id`)
COMMENT 'one person';

CREATE TABLE IF NOT EXISTS `currency_rates`
(
  `project` LowCardinality(String) COMMENT 'project',
  `currency` LowCardinality(String) COMMENT 'ISO code',
  `date` Date COMMENT 'day',
  `rate` Decimal(18, 6) COMMENT 'units of the project\'s currency for one unit of this',
  `counted` UInt8 DEFAULT 0 COMMENT '1: what it prices has been counted with it',
  `loaded_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'when'
)
ENGINE = ReplacingMergeTree(loaded_at)
ORDER BY (`project`, `currency`, `date`)
COMMENT 'the rate of one currency on one day';

CREATE TABLE IF NOT EXISTS `etl_runs`
(
  `run_no` UInt64 COMMENT 'counts up; the version of what the run wrote',
  `project` LowCardinality(String) COMMENT 'project',
  `kind` LowCardinality(String) COMMENT 'pull or stages',
  `source` LowCardinality(String) COMMENT 'id of the source; empty for the stages',
  `trigger` LowCardinality(String) COMMENT 'schedule, catch_up, command, arrival',
  `started_at` DateTime64(3, 'UTC') COMMENT 'when',
  `ended_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when it ended',
  `outcome` LowCardinality(String) COMMENT 'running, ok, failed',
  `reason` LowCardinality(String) COMMENT 'why it failed, from a closed list',
  `detail` String COMMENT 'the same in words',
  `rows_read` UInt64 COMMENT 'records read',
  `rows_written` UInt64 COMMENT 'versions written',
  `updated_at` DateTime64(3, 'UTC') COMMENT 'when this row was written'
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (`project`, `run_no`)
COMMENT 'one run of a source or of the stages';

CREATE TABLE IF NOT EXISTS `run_outcomes`
(
  `project` LowCardinality(String) COMMENT 'project',
  `kind` LowCardinality(String) COMMENT 'pull or stages',
  `source` LowCardinality(String) COMMENT 'id of the source; empty for the stages',
  `outcome` LowCardinality(String) COMMENT 'ok, failed',
  `run_no` UInt64 COMMENT 'number of the run',
  `started_at` DateTime64(3, 'UTC') COMMENT 'when',
  `reason` LowCardinality(String) COMMENT 'why it failed, from a closed list',
  `detail` String COMMENT 'the same in words'
)
ENGINE = ReplacingMergeTree(run_no)
ORDER BY (`project`, `kind`, `source`, `outcome`)
COMMENT 'the newest finished run of a source, or of the stages, that ended this way';

CREATE TABLE IF NOT EXISTS `cursors`
(
  `project` LowCardinality(String) COMMENT 'project',
  `source` LowCardinality(String) COMMENT 'id of the source',
  `stream` LowCardinality(String) COMMENT 'stream',
  `position` String COMMENT 'JSON; its shape belongs to the stream',
  `data_as_of` DateTime64(3, 'UTC') COMMENT 'the source was read up to here',
  `updated_at` DateTime64(3, 'UTC') COMMENT 'when'
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (`project`, `source`, `stream`)
COMMENT 'how far one stream of one source has been read';

CREATE TABLE IF NOT EXISTS `tokens`
(
  `project` LowCardinality(String) COMMENT 'project',
  `token_hash` String COMMENT 'SHA-256 of the token',
  `token_id` String COMMENT 'short id to speak of it',
  `name` String COMMENT 'what it is for',
  `scopes` Array(String) COMMENT 'read, ingest, admin',
  `created_at` DateTime64(3, 'UTC') COMMENT 'when',
  `revoked_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was revoked',
  `updated_at` DateTime64(3, 'UTC') COMMENT 'when this row was written'
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (`token_hash`)
COMMENT 'one version of one access token';

CREATE MATERIALIZED VIEW IF NOT EXISTS `raw_event_keys_view` TO `raw_event_keys` AS
SELECT project, event_id, visitor_id, occurred_at FROM raw_events;

CREATE MATERIALIZED VIEW IF NOT EXISTS `raw_batch_visitors_view` TO `raw_batch_visitors` AS
SELECT DISTINCT batch, project, visitor_id FROM raw_events;

CREATE MATERIALIZED VIEW IF NOT EXISTS `visit_keys_view` TO `visit_keys` AS
SELECT project, arrayJoin(arrayFilter(k -> length(k) > 2, [concat('v:', lower(visit_id)), if(visit_code = 0, '', concat('c:', toString(visit_code)))])) AS key,
  visitor_id, min(occurred_at) AS first_at
FROM raw_events GROUP BY project, key, visitor_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS `run_outcomes_view` TO `run_outcomes` AS
SELECT project, kind, source, outcome, run_no, started_at, reason, detail FROM etl_runs WHERE outcome != 'running';
