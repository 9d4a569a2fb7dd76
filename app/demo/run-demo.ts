import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, localDate } from '../../domain/time.ts';
import {
  createLedger,
  createWorld,
  deliver,
  type Phase,
  type StandIns,
  startStandIns,
  type World,
} from '../../test/simulator/index.ts';
import type { Env } from '../config/load-config.ts';
import { startEtlRole } from '../runtime/etl-role.ts';
import { type Installation, openInstallation } from '../runtime/installation.ts';
import type { Logger } from '../runtime/logger.ts';
import { type Served, serve } from '../runtime/serve.ts';
import type { Progress } from '../terminal/progress.ts';
import { demoConfig, exchangeLogin } from './demo-config.ts';
import { type Judged, judge } from './judge.ts';
import { playInBrowser } from './play-in-browser.ts';

export interface DemoOptions {
  /** `demo`: a shop of some 235 visits a day; `test`: a third of it, every scenario included. */
  readonly scale: 'demo' | 'test';
  /** Now, for the shop and the product alike. A few buyers of today are a real Chromium where one can start: it goes by the clock of the machine. */
  readonly clock: Clock;
  readonly days: number;
  readonly seed: string;
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly env: Env;
  readonly logger: Logger;
  readonly progress: Progress;
}

/** The made-up shop and the product around it, both running. */
export interface Demo {
  readonly world: World;
  readonly url: string;
  readonly judged: Judged;
  stop(): Promise<void>;
}

/** Runs the made-up shop through the product's real interfaces and holds every number against the shop's own books. */
export async function runDemo(options: DemoOptions): Promise<Demo> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await startDemo(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What was started is put on `stops`, to be ended in the opposite order. */
async function startDemo(options: DemoOptions, stops: (() => Promise<void>)[]): Promise<Omit<Demo, 'stop'>> {
  rmSync(options.dataDir, { recursive: true, force: true });
  const { seed, days, scale, clock } = options;
  const nowMs = clock.now();
  const world = createWorld({ seed, days, scale, endDate: localDate(nowMs, 'Europe/Moscow'), nowMs });
  options.progress.done('shop', shopSummary(world));
  const standIns = await startStandIns(world);
  stops.push(standIns.stop);
  const installation = await openInstallation({ ...options, config: demoConfig(standIns) });
  stops.push(installation.stop);
  const served = await serve(installation, {
    ...options,
    roles: ['collector', 'reports'],
    hasConfigFile: true,
    isOpenToRead: true,
  });
  stops.push(served.stop);
  await live(options, { world, standIns, installation, served }, stops);
  const judged = await judge(createLedger(world).at('later'), world, served.url);
  return { world, url: served.url, judged };
}

interface Running {
  readonly world: World;
  readonly standIns: StandIns;
  readonly installation: Installation;
  readonly served: Served;
}

/** First everything that had happened, then what came late: refunds, corrected spend, edited and deleted deals. */
async function live(options: DemoOptions, running: Running, stops: (() => Promise<void>)[]): Promise<void> {
  const { token } = await running.served.tokens.createToken({ name: 'demo', scopes: ['ingest'] });
  await sendEvents(options, running, token, 'initial');
  await playInBrowser(running.world, { ...options, collector: running.served });
  const etl = await startEtlRole(running.installation);
  stops.push(etl.stop);
  await settle(options, running, 'first reading');
  running.standIns.setPhase('later');
  await sendEvents(options, running, token, 'later');
  await settle(options, running, 'late changes');
}

async function sendEvents(
  options: DemoOptions,
  { world, served }: Running,
  ingestToken: string,
  phase: Phase,
): Promise<void> {
  const sent = await deliver(world, {
    baseUrl: served.url,
    ingestToken,
    phase,
    nowMs: options.clock.now(),
    onProgress: ({ collected, ingested, visits }) => options.progress.step('visits', collected + ingested, visits),
  });
  options.progress.done(
    'visits',
    `${sent.collected} sent as browsers do, ${sent.ingested} as history; ${sent.events} events`,
  );
}

/** 1C pushes its files, every schedule runs once more, and nothing waits for the stages. */
async function settle(options: DemoOptions, { standIns, served, installation }: Running, name: string): Promise<void> {
  const since = options.clock.now();
  const pushed = await standIns.pushOneC(served.url, exchangeLogin);
  const scheduled = installation.sources.filter(({ schedule }) => schedule !== undefined).map(({ id }) => id);
  for (let step = 0; !(await isSettled(installation, scheduled, since)); step += 1) {
    options.progress.step(`${name}: CRM, 1C, ads`, step);
    await delay(250);
  }
  options.progress.done(
    name,
    `1C pushed ${pushed.orders} orders and ${pushed.payments} payments; ${scheduled.join(', ')} read on schedule`,
  );
}

async function isSettled(
  { warehouse, config }: Installation,
  sources: readonly string[],
  sinceMs: number,
): Promise<boolean> {
  const [row] = await warehouse.query<{ waiting: string; read: readonly string[]; failed: readonly string[] }>(
    `SELECT (SELECT count() FROM raw_batches FINAL WHERE project = {project:String} AND done = 0) + (SELECT count() FROM etl_runs FINAL WHERE project = {project:String} AND kind = 'stages' AND outcome = 'running') AS waiting,
       groupUniqArrayIf(source, outcome = 'ok') AS read, groupUniqArrayIf(detail, outcome = 'failed') AS failed
     FROM etl_runs FINAL
     WHERE project = {project:String} AND kind = 'pull' AND started_at >= fromUnixTimestamp64Milli({since:Int64})`,
    { project: config.project, since: sinceMs },
  );
  const fault = row?.failed[0];
  if (fault !== undefined) throw new Error(`A source could not be read: ${fault}`);
  return row !== undefined && Number(row.waiting) === 0 && sources.every((source) => row.read.includes(source));
}

function shopSummary(world: World): string {
  const { visits, deals, payments } = world.state('later');
  const { startDate, endDate, days } = world.period;
  return `${days} days, ${startDate} to ${endDate}: ${visits.size} visits, ${deals.size} deals, ${payments.size} payments`;
}
