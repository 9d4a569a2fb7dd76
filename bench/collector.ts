import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { textTable } from '../app/terminal/table.ts';
import { machineLoad, median, memoryLine, say } from './lines.ts';
import type { LoadNews, LoadOrder } from './load-generator.ts';
import { cpuMs, nextMessage, startProgram } from './processes.ts';
import { type Product, startProduct } from './product.ts';

const connections = 256;
const rounds = 5;
const warmUpMs = 1_000;
const measureMs = 3_000;
const targetRatio = 0.5;
const settleWithinMs = 20_000;

interface Round {
  readonly perSecond: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Microseconds of processor per request: of the server, of the load generator, of the database. */
  readonly serverUs: number;
  readonly loadUs: number;
  readonly databaseUs: number;
}

/** The whole product against a server that only parses, turn by turn, so that a busy machine slows both alike. */
export async function measureCollector(): Promise<void> {
  say(`Collector: POST /collect on ${connections} connections, one event each, answered when it is on disk`);
  const product = await startProduct();
  const bareServer = startProgram('bare-server');
  const generator = startProgram('load-generator');
  try {
    const barePort = await nextMessage<number>(bareServer);
    const bare: Round[] = [];
    const ours: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(
        await measure(generator, { port: barePort, server: [bareServer.pid ?? 0], database: product.databasePid }),
      );
      ours.push(
        await measure(generator, {
          port: product.port,
          server: [product.pid, ...product.workerPids],
          database: product.databasePid,
        }),
      );
      await settle(product);
    }
    tell(bare, ours);
    say(await memoryLine('after the load', product));
  } finally {
    generator.kill();
    bareServer.kill();
    await product.stop();
  }
}

interface Target {
  readonly port: number;
  /** Its processes. */
  readonly server: readonly number[];
  readonly database: number;
}

async function measure(generator: ChildProcess, target: Target): Promise<Round> {
  const order: LoadOrder = { port: target.port, connections, warmUpMs, measureMs };
  const used = async (): Promise<readonly number[]> => {
    const server = await Promise.all(target.server.map(cpuMs));
    return [sum(server), await cpuMs(generator.pid ?? 0), await cpuMs(target.database)];
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

function tell(bare: readonly Round[], ours: readonly Round[]): void {
  const of = (list: readonly Round[], key: keyof Round): number => median(list.map((round) => round[key]));
  const line = (name: string, list: readonly Round[]): string[] => [
    name,
    of(list, 'perSecond').toFixed(0),
    of(list, 'p50Ms').toFixed(1),
    of(list, 'p99Ms').toFixed(1),
    of(list, 'serverUs').toFixed(0),
    of(list, 'databaseUs').toFixed(0),
    of(list, 'loadUs').toFixed(0),
  ];
  const titles = ['server', 'requests/s', 'p50 ms', 'p99 ms', 'its CPU µs', 'database µs', 'generator µs'];
  const columns = titles.map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  say(textTable(columns, [line('bare node:http, parses only', bare), line('throughline up', ours)]));
  const ratio = of(ours, 'perSecond') / of(bare, 'perSecond');
  const cpuRatio = of(bare, 'serverUs') / of(ours, 'serverUs');
  const each = ours.map((round, index) => (round.perSecond / (bare[index]?.perSecond ?? Number.NaN)).toFixed(2));
  const failed = sum([...bare, ...ours].map((round) => round.failed));
  say(
    `ratio of medians ${ratio.toFixed(2)} (target ≥ ${targetRatio}); by round ${each.join(' ')}; by CPU of the server alone ${cpuRatio.toFixed(2)}`,
  );
  say(`not taken: ${failed}; medians of ${rounds} rounds of ${measureMs / 1000} s each; ${machineLoad()}`);
}
