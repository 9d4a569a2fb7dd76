-- One row is one event of those browsers, each event id once, with the marks of its page's address read.
CREATE OR REPLACE TABLE work_events ENGINE = Memory AS
WITH
  -- {campaign_id}, {{campaign.name}}, __CAMPAIGN_ID__
  '[{}]|^__[A-Z_]+__$' AS macro,
  -- An event id sent by several browsers belongs to the earliest event, whichever arrived first.
  repeated AS (
    SELECT event_id, argMin(visitor_id, (occurred_at, visitor_id)) AS owner
    FROM raw_event_keys
    WHERE project = {project:String}
      AND event_id IN (SELECT event_id FROM raw_events WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors))
    GROUP BY event_id
    HAVING uniqExact(visitor_id) > 1
  ),
  taken AS (
    SELECT *
    FROM raw_events
    WHERE project = {project:String} AND visitor_id IN (SELECT visitor_id FROM work_visitors)
      AND (event_id NOT IN (SELECT event_id FROM repeated) OR (event_id, visitor_id) IN (SELECT event_id, owner FROM repeated))
      AND NOT (notEmpty({aside_batches:Array(String)}) AND batch IN {aside_batches:Array(String)} AND arrayExists(
        (aside_batch, first_key, last_key) -> batch = aside_batch AND concat('event:', toString(event_id)) BETWEEN first_key AND last_key,
        {aside_batches:Array(String)}, {aside_first_keys:Array(String)}, {aside_last_keys:Array(String)}))
    ORDER BY event_id, occurred_at, received_at, type, cityHash64(tuple(* EXCEPT (batch)))
    LIMIT 1 BY event_id
  ),
  addressed AS (
    SELECT *,
      lower(domainWithoutWWWRFC(url)) AS page_host,
      lower(domainWithoutWWWRFC(referrer)) AS from_domain,
      -- Maps of a search engine share its host.
      transform(concat(from_domain, '/', extract(path(referrer), '^/([^/]+)')), {shared_paths:Array(String)}, {hosts_of_paths:Array(String)}, from_domain) AS from_host,
      -- `a.b.c` lies below `b.c` and `c`. There are hundreds of known hosts: each is looked up, they are not gone through.
      arrayMap(first -> arrayStringConcat(arraySlice(splitByChar('.', from_host), first), '.'), arrayEnumerate(splitByChar('.', from_host))) AS from_hosts,
      from_host != '' AND (from_host = page_host OR arrayExists(host -> from_host = host OR endsWith(from_host, concat('.', host)), {own_domains:Array(String)})) AS is_internal,
      -- Only a page view comes from somewhere: other events repeat the address of a page that already told it.
      type = 'pageview' AND (arrayExists(host -> host IN {return_hosts:Array(String)}, from_hosts) OR match(from_host, {payment_host:String})) AS is_return,
      type = 'pageview' AND NOT is_internal AND NOT is_return AS may_bring_source,
      -- Marks of a page after paying or signing in change no visit, but tell of one that begins there: a bank sends buyers of its offers too.
      arrayFilter(pair -> position(pair, '=') > 0, if(may_bring_source OR is_return AND NOT is_internal, extractURLParameters(replaceAll(url, '&amp;', '&')), [])) AS pairs,
      arrayMap(pair -> lower(substring(pair, 1, position(pair, '=') - 1)), pairs) AS all_names,
      arrayMap(pair -> decodeURLFormComponent(substring(pair, position(pair, '=') + 1)), pairs) AS decoded,
      -- Tagged links are often encoded twice, and old ad templates write windows-1251.
      arrayMap(value -> if(match(value, '%[0-9A-Fa-f][0-9A-Fa-f]'), decodeURLFormComponent(value), value), decoded) AS decoded_twice,
      arrayMap(value -> trimBoth(if(isValidUTF8(value), value, convertCharset(value, 'windows-1251', 'UTF-8'))), decoded_twice) AS readable,
      -- Of a repeated parameter the first that says something counts; a macro that was not filled in says nothing.
      arrayFilter((name, value) -> value != '' AND NOT match(value, macro), all_names, readable) AS names,
      arrayFilter(value -> value != '' AND NOT match(value, macro), readable) AS values
    FROM taken
  ),
  marked AS (
    SELECT *,
      values[indexOf(names, 'utm_source')] AS utm_source,
      values[indexOf(names, 'utm_medium')] AS utm_medium,
      values[indexOf(names, 'utm_campaign')] AS utm_campaign,
      values[indexOf(names, 'utm_content')] AS utm_content,
      values[indexOf(names, 'utm_term')] AS utm_term,
      if(values[indexOf(names, 'utm_id')] = '', values[indexOf(names, 'gad_campaignid')], values[indexOf(names, 'utm_id')]) AS utm_id,
      arrayFirst(name -> has(names, name), {click_ids:Array(String)}) AS click_id_name,
      values[indexOf(names, click_id_name)] AS click_id,
      arrayExists((name, value) -> (startsWith(name, 'utm_') OR has({click_ids:Array(String)}, name)) AND match(value, macro), all_names, readable) AS has_macro,
      concat(utm_source, utm_medium, utm_campaign, utm_content, utm_term, click_id) != '' AS is_tagged
    FROM addressed
  )
SELECT visitor_id, event_id, occurred_at, type, site, ip, user_agent, client_hints, title,
  transform(page_host, {own_domains:Array(String)}, {own_domain_names:Array(String)}, page_host) AS page_host, path(url) AS page_path,
  multiIf(NOT may_bring_source, '', is_tagged, concat('tag:', toString(cityHash64(utm_source, utm_medium, utm_campaign, utm_content, utm_term, click_id))),
    from_host != '', concat('from:', from_host), '') AS source_key,
  is_return, may_bring_source,
  utm_source, utm_medium, utm_campaign, utm_content, utm_term, utm_id, click_id_name, click_id, has_macro,
  if(may_bring_source, from_host, '') AS referrer_host,
  cityHash64(lower(utm_source), lower(utm_medium), lower(utm_campaign), referrer_host, click_id_name) AS signature,
  CAST(consent = 'denied', 'Bool') AS is_anonymous, visit_id AS sent_visit_id, visit_code, form_id, form_page, order_id, phone_hash, email_hash, user_id, ym_client_id
FROM marked
