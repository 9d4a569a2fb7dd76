import type { DatabaseOf } from '../table.ts';
import { clients, identityEdges, identityLinks } from './clients.ts';
import { costs } from './costs.ts';
import { dealItems, dealStages, deals, dealTouches, stagedDeals } from './deals.ts';
import { addresses, campaigns, currencyRates, trafficSources, userAgents } from './dictionaries.ts';
import { leads, stagedLeads } from './leads.ts';
import { numberLeases } from './number-leases.ts';
import { cursors, etlRuns, runOutcomes, tokens } from './operations.ts';
import { payments, stagedPayments } from './payments.ts';
import { rawBatchVisitors, rawEventKeys, visitKeys } from './raw-event-keys.ts';
import { rawEvents } from './raw-events.ts';
import { rawBatches, rawRecords, rejected, setAside } from './raw-records.ts';
import { schemaMigrations } from './schema-migrations.ts';
import { anonymousHits, touches, visits } from './visits.ts';

/** Every table of the warehouse: raw, then staged, then marts, then operations. */
export const tables = {
  raw_events: rawEvents,
  raw_event_keys: rawEventKeys,
  raw_batch_visitors: rawBatchVisitors,
  visit_keys: visitKeys,
  number_leases: numberLeases,
  raw_records: rawRecords,
  raw_batches: rawBatches,
  rejected,
  set_aside: setAside,
  staged_deals: stagedDeals,
  staged_payments: stagedPayments,
  staged_leads: stagedLeads,
  user_agents: userAgents,
  addresses,
  traffic_sources: trafficSources,
  identity_edges: identityEdges,
  identity_links: identityLinks,
  visits,
  touches,
  anonymous_hits: anonymousHits,
  leads,
  deals,
  deal_items: dealItems,
  deal_stages: dealStages,
  deal_touches: dealTouches,
  payments,
  costs,
  campaigns,
  clients,
  currency_rates: currencyRates,
  etl_runs: etlRuns,
  run_outcomes: runOutcomes,
  cursors,
  tokens,
  schema_migrations: schemaMigrations,
};

export type Database = DatabaseOf<typeof tables>;
