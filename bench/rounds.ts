import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { textTable } from '../app/terminal/table.ts';
import { median, say } from './lines.ts';
import type { LoadNews, LoadOrder } from './load-generator.ts';
import { cpuMs, nextMessage } from './processes.ts';
import type { Product } from './product.ts';

export const measureMs = 3_000;
export const rounds = 5;
const warmUpMs = 1_000;
const settleWithinMs = 20_000;

export interface Round {
  readonly perSecond: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Microseconds of processor per request: of the server, of the load generator, of the database. */
  readonly serverUs: number;
  readonly loadUs: number;
  readonly databaseUs: number;
}

/** A server under load. */
export interface Target {
  readonly port: number;
  /** Its processes. */
  readonly server: readonly number[];
  /** Undefined when it has none. */
  readonly database?: number;
}

/** What a server does in a round. */
export interface Turn {
  readonly target: Target;
  /** What it needs before the other has the machine to itself. */
  readonly rest: () => Promise<void>;
}

export const turnOf = (product: Product): Turn => ({
  target: {
    port: product.port,
    server: [product.pid, ...product.workerPids],
    database: product.databasePid,
  },
  rest: () => settle(product),
});

/** That of a program of this folder, which says its port when it listens. */
export const bareTurn = async (program: ChildProcess): Promise<Turn> => ({
  target: { port: await nextMessage<number>(program), server: [program.pid ?? 0] },
  rest: async () => undefined,
});

/** Five rounds of two servers, turn by turn, so that a busy machine slows both alike. */
export async function takeTurns(
  generator: ChildProcess,
  connections: number,
  turns: { readonly first: Turn; readonly second: Turn },
): Promise<{ readonly first: readonly Round[]; readonly second: readonly Round[] }> {
  const first: Round[] = [];
  const second: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    first.push(await measureRound(generator, turns.first.target, connections));
    await turns.first.rest();
    second.push(await measureRound(generator, turns.second.target, connections));
    await turns.second.rest();
  }
  return { first, second };
}

/** Three seconds of load after one of warming up. */
async function measureRound(generator: ChildProcess, target: Target, connections: number): Promise<Round> {
  const order: LoadOrder = { port: target.port, connections, warmUpMs, measureMs };
  const used = async (): Promise<readonly number[]> => {
    const server = await Promise.all(target.server.map(cpuMs));
    const database = target.database === undefined ? 0 : await cpuMs(target.database);
    return [sum(server), await cpuMs(generator.pid ?? 0), database];
  };
  generator.send(order);
  await nextMessage<LoadNews>(generator);
  const before = await used();
  const news = await nextMessage<LoadNews>(generator);
  const after = await used();
  if (news.kind !== 'done') throw new Error('the load generator spoke out of turn');
  const perRequest = (index: number): number =>
    (((after[index] ?? 0) - (before[index] ?? 0)) * 1e6) / (news.perSecond * measureMs);
  return { ...news, serverUs: perRequest(0), loadUs: perRequest(1), databaseUs: perRequest(2) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Waits until everything taken is in the marts, so that the next round of the other server has the machine to itself. */
async function settle({ warehouse }: Product): Promise<void> {
  const untilMs = Date.now() + settleWithinMs;
  await delay(1_500);
  while (Date.now() < untilMs) {
    const [row] = await warehouse.query<{ waiting: string }>(
      'SELECT count() AS waiting FROM raw_batches FINAL WHERE done = 0',
    );
    if (row?.waiting === '0') return;
    await delay(250);
  }
}

/** Medians of several servers, each a line. */
export function tellRounds(servers: Readonly<Record<string, readonly Round[]>>): void {
  const lines = Object.entries(servers).map(([name, list]) => {
    const of = (key: keyof Round, digits = 0): string => medianOf(list, key).toFixed(digits);
    return [name, of('perSecond'), of('p50Ms', 1), of('p99Ms', 1), of('serverUs'), of('databaseUs'), of('loadUs')];
  });
  const titles = ['server', 'requests/s', 'p50 ms', 'p99 ms', 'its CPU µs', 'database µs', 'generator µs'];
  const columns = titles.map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  say(textTable(columns, lines));
}

export const medianOf = (list: readonly Round[], key: keyof Round): number => median(list.map((round) => round[key]));

/** What one server took of what the other took: of the medians, and round by round. */
export function ratioLine(ours: readonly Round[], other: readonly Round[], target: number): string {
  const ratio = medianOf(ours, 'perSecond') / medianOf(other, 'perSecond');
  const each = ours.map((round, index) => (round.perSecond / (other[index]?.perSecond ?? Number.NaN)).toFixed(2));
  return `ratio of medians ${ratio.toFixed(2)} (target ≥ ${target}); by round ${each.join(' ')}`;
}

export const failedIn = (...servers: readonly (readonly Round[])[]): number =>
  sum(servers.flat().map(({ failed }) => failed));
