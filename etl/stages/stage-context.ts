import { domainToUnicode } from 'node:url';
import { channelRulesVersion, paidMediumPattern } from '../../domain/channel/channel-group.ts';
import type { SourceAliases } from '../../domain/channel/classify.ts';
import { clickIds, tagOfPlatform } from '../../domain/channel/click-ids.ts';
import { landingRules } from '../../domain/channel/landing-rules.ts';
import { hostOfPath } from '../../domain/channel/places/paths.ts';
import { paymentHostPattern } from '../../domain/channel/places/payments.ts';
import { toInstant } from '../../domain/time.ts';
import { loadSql } from '../../warehouse/sql-file.ts';
import type { Params, QueryOptions, Warehouse } from '../../warehouse/warehouse.ts';
import type { PlaceSettings } from './addresses/place-database.ts';
import { together, WorkTables } from './work-tables.ts';

/** The shop's own settings that decide how raw data is read. */
export interface StageRules {
  readonly currency: string;
  /** IANA name: a rate counts for a local day. */
  readonly timezone: string;
  readonly moneySource: 'payments' | 'deals';
  /** Domains of the shop; their subdomains belong to them. */
  readonly ownDomains: readonly string[];
  /** Payment and sign-in pages beside the known ones. */
  readonly paymentReturnDomains: readonly string[];
  readonly sourceAliases: SourceAliases;
  /** Where places of addresses are read; left out: the file of the package, in English. */
  readonly places?: PlaceSettings;
  /** Ids of forms that are no requests; `*` stands for anything, case counts for nothing. */
  readonly notRequests?: readonly string[];
  /** Stage id or name of the CRM → open, won, lost, excluded. */
  readonly statusGroups: Readonly<Record<string, string>>;
  /** VAT as a fraction from a day on, in the order of the days. */
  readonly vatRates: readonly { readonly from: string; readonly rate: string }[];
}

/** A local day from which on a rebuild goes. */
export interface Since {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Its first millisecond. */
  readonly atMs: number;
}

/** Rows of a batch that the stages leave out: those whose key lies in the range, both ends included. */
export interface LeftOut {
  readonly batch: string;
  readonly firstKey: string;
  readonly lastKey: string;
}

export interface StageContext {
  readonly warehouse: Warehouse;
  readonly project: string;
  readonly rules: StageRules;
  readonly runNo: number;
  /** Raw batches this run takes; all that was ever loaded when `all`. */
  readonly batches: readonly string[];
  readonly all: boolean;
  /** What happened or came since this day is taken beside the batches. */
  readonly since?: Since | undefined;
  readonly leftOut: readonly LeftOut[];
  /** Browsers or persons computed at a time. */
  readonly shareSize: number;
}

// Order and user ids that broken templates send for everybody, in lower case: they identify nobody.
const idleIds = ['', '0', '-1', 'undefined', 'null', 'none', 'nan', 'test', 'guest', 'anonymous'];

/**
 * A browser that tells of more phones, e-mails or accounts is a till, a call centre or a cheat, and so is one of more ClientIDs in a day (Safari
 * forgets them within a week). Families have two or three; buyers who order for others still tell their own.
 */
const maxPersons = 3;

/** A browser that tells of more orders: shops split a basket into a few, and what is eaten is ordered on most days at most. */
const maxOrders = { aDay: 5, aMonth: 20 };

/** A repeated form, and a form followed by an order, within this time are one request. */
const requestGapMs = 60 * 60 * 1000;

/** Every parameter that a stage's SQL may name. */
export function stageParams(context: StageContext): Params {
  const { rules } = context;
  const tags = Object.entries(tagOfPlatform);
  const { ownHosts, returnHosts } = landingRules(rules.ownDomains, rules.paymentReturnDomains);
  return {
    project: context.project,
    run_no: context.runNo,
    all: context.all,
    batches: context.since === undefined ? context.batches : [...context.batches, sinceBatch(context)],
    ...sinceParams(context),
    aside_batches: context.leftOut.map(({ batch }) => batch),
    aside_first_keys: context.leftOut.map(({ firstKey }) => firstKey),
    aside_last_keys: context.leftOut.map(({ lastKey }) => lastKey),
    currency: rules.currency,
    timezone: rules.timezone,
    money_source: rules.moneySource,
    not_requests: formPattern(rules.notRequests ?? []),
    status_groups: rules.statusGroups,
    own_domains: ownHosts,
    own_domain_names: ownHosts.map(domainToUnicode),
    return_hosts: returnHosts,
    payment_host: paymentHostPattern,
    shared_paths: Object.keys(hostOfPath),
    hosts_of_paths: Object.values(hostOfPath),
    click_ids: clickIds.map(({ name }) => name),
    paid_medium: paidMediumPattern,
    platform_sources: Object.fromEntries(tags.map(([platform, tag]) => [platform, tag.source])),
    platform_media: Object.fromEntries(tags.map(([platform, tag]) => [platform, tag.medium])),
    vat_from: rules.vatRates.map(({ from }) => from),
    vat_rates: rules.vatRates.map(({ rate }) => rate),
    rules_version: rulesVersion(rules),
    idle_ids: idleIds,
    max_persons: maxPersons,
    max_orders_a_day: maxOrders.aDay,
    max_orders_a_month: maxOrders.aMonth,
    request_gap_ms: requestGapMs,
  };
}

/** The batch under which the browsers of a rebuild from a day on are listed: the list of a batch of its own is kept for 30 days only. */
const sinceBatch = ({ runNo }: StageContext): string => `rebuild-${runNo}`;

function sinceParams(context: StageContext): Params {
  const at = toInstant(Math.max(context.since?.atMs ?? 0, 0));
  return {
    since_batch: sinceBatch(context),
    since_day: context.since?.day ?? '',
    since_instant: at,
    since_at: at.replace('T', ' ').replace('Z', ''),
  };
}

/** A regular expression of forms; of none it is empty. */
function formPattern(globs: readonly string[]): string {
  const patterns = globs.map((glob) => glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'));
  return patterns.length === 0 ? '' : `(?is)^(${patterns.join('|')})$`;
}

/** Grows with the product's rules; the shop's own aliases take part through a checksum in the lower digits. */
function rulesVersion(rules: StageRules): number {
  const text = JSON.stringify(Object.entries(rules.sourceAliases).sort());
  let sum = 0;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 100_000;
  return channelRulesVersion * 100_000 + sum;
}

const files = new Map<string, string>();

function sqlOf(name: string): string {
  const text = files.get(name) ?? loadSql(import.meta.url, `./${name}.sql`);
  files.set(name, text);
  return text;
}

/** Only the parameters a statement names travel with it: the rest would make every request's address long for nothing. */
function namedIn(sql: string, params: Params): Params {
  const names = new Set([...sql.matchAll(/\{(\w+):/g)].map((match) => match[1]));
  return Object.fromEntries(Object.entries(params).filter(([name]) => names.has(name)));
}

// Work tables and marts are written in one block each, so that a reader sees a statement's rows all or not at all.
const settings = {
  max_partitions_per_insert_block: 0,
  min_insert_block_size_rows: 100_000_000,
  min_insert_block_size_bytes: 1_000_000_000,
  max_insert_threads: 1,
  join_use_nulls: 0,
};

const opened = new WeakMap<StageContext, Promise<WorkTables>>();

/** The work tables of the run; its first call empties them. */
export function workTables(context: StageContext): Promise<WorkTables> {
  const { warehouse, project, runNo, batches, shareSize } = context;
  const isRebuild = context.all || context.since !== undefined;
  const tables = opened.get(context) ?? WorkTables.open({ warehouse, project, runNo, batches, isRebuild, shareSize });
  opened.set(context, tables);
  return tables;
}

/** Runs the statement of `etl/stages/<name>.sql`. */
export async function run(context: StageContext, name: string, extra: Params = {}): Promise<void> {
  await runPlanned(context, (await workTables(context)).plan(sqlOf(name)), extra);
}

/** Runs statements none of which needs what another one writes: at once, unless they are large and memory would not do for all. */
export async function runTogether(context: StageContext, names: readonly string[]): Promise<void> {
  const works = names.map((name) => () => run(context, name));
  if ((await workTables(context)).isSmall) return together(works);
  for (const work of works) await work();
}

/** Instead of `run` when the statements would find nothing: the tables that they fill are there and empty. */
export async function leaveEmpty(context: StageContext, names: readonly string[]): Promise<void> {
  const tables = await workTables(context);
  for (const name of names) await runPlanned(context, tables.planEmpty(sqlOf(name)), { chunks: 1, chunk: 0 });
}

async function runPlanned(context: StageContext, statements: readonly string[], extra: Params): Promise<void> {
  const params = { ...stageParams(context), ...extra };
  for (const sql of statements) await context.warehouse.command(sql, namedIn(sql, params), await optionsOf(context));
}

/** Rows of the SELECT of `etl/stages/<name>.sql`. */
export async function read<Row>(context: StageContext, name: string, extra: Params = {}): Promise<Row[]> {
  const sql = sqlOf(name);
  const params = namedIn(sql, { ...stageParams(context), ...extra });
  return context.warehouse.query<Row>(sql, params, await optionsOf(context));
}

const optionsOf = async (context: StageContext): Promise<QueryOptions> => ({
  settings: { ...settings, ...(await workTables(context)).settings },
});
