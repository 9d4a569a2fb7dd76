import { performance } from 'node:perf_hooks';
import { textTable } from '../app/terminal/table.ts';
import { fillMarts, shop } from './fill-marts.ts';
import { askByHand, type Figures, type HandReport } from './hand-queries.ts';
import { machineLoad, median, memoryLine, say } from './lines.ts';
import { cpuMs } from './processes.ts';
import { type Product, startProduct } from './product.ts';

const warmUps = 3;
const runs = 15;
const targetRatio = 1.5;

interface Question {
  readonly name: string;
  readonly request: object;
  readonly byHand: HandReport;
}

const metrics = ['visits', 'ad_cost', 'revenue', 'roi'];
const byChannel = { visits: 'channel', costs: 'channel', touch: 'channel', noTouch: 'No visit' } as const;
const named = (alias: string): string => `if(n.campaign != '', n.campaign, ${alias}.campaign)`;
const byCampaign = {
  visits: named('v'),
  costs: named('c'),
  touch: named('t'),
  noTouch: '',
  campaignNames: true,
} as const;
const moscowDay = (column: string): string => `toDate(${column}, 'Europe/Moscow')`;
const byDay = { visits: moscowDay('started_at'), costs: 'date', deals: moscowDay('created_at') };

const questions: readonly Question[] = [
  {
    name: 'channels, last non-direct',
    request: { metrics, dimensions: ['channel'], attribution: { model: 'last_non_direct' } },
    byHand: { ...byChannel, model: 'last_non_direct' },
  },
  {
    name: 'channels, linear',
    request: { metrics, dimensions: ['channel'], attribution: { model: 'linear' } },
    byHand: { ...byChannel, model: 'linear' },
  },
  { name: 'by day', request: { metrics, granularity: 'day' }, byHand: byDay },
  {
    name: 'campaigns, last non-direct',
    request: { metrics, dimensions: ['campaign'] },
    byHand: { ...byCampaign, model: 'last_non_direct' },
  },
];

/** How long the report API takes, and how long somebody's own SQL for the same numbers. */
export async function measureReports(): Promise<void> {
  say(
    `Reports: a year of ${shop.visits.toLocaleString('en')} visits and ${shop.deals.toLocaleString('en')} deals; ${metrics.join(', ')}; warm, medians of ${runs}`,
  );
  const product = await startProduct();
  try {
    say(await memoryLine('before', product));
    await fillMarts(product.warehouse);
    const lines: string[][] = [];
    for (const question of questions) lines.push(await measureQuestion(product, question));
    const titles = ['report', 'rows', 'API ms', 'by hand', 'ratio', 'CPU ms', 'by hand', 'ratio', 'same numbers'];
    const columns = titles.map((title, index) => ({
      title,
      align: index === 0 ? ('left' as const) : ('right' as const),
    }));
    say(textTable(columns, lines));
    say(`target: ratio ≤ ${targetRatio} each; ${machineLoad()}`);
    say(await memoryLine('after the reports', product));
  } finally {
    await product.stop();
  }
}

async function measureQuestion(product: Product, { name, request, byHand }: Question): Promise<string[]> {
  const ours: Cost[] = [];
  const hands: Cost[] = [];
  let isSame = true;
  let rows = 0;
  for (let run = 0; run < warmUps + runs; run += 1) {
    const [figures, oursCost] = await priced(product, () => askApi(product, request));
    const [expected, handCost] = await priced(product, () => askByHand(product.warehouse, byHand));
    rows = figures.size;
    isSame &&= areSame(figures, expected);
    if (run < warmUps) continue;
    ours.push(oursCost);
    hands.push(handCost);
  }
  const of = (list: readonly Cost[], key: keyof Cost): number => median(list.map((cost) => cost[key]));
  const cells = (['ms', 'cpuMs'] as const).flatMap((key) => [
    of(ours, key).toFixed(0),
    of(hands, key).toFixed(0),
    (of(ours, key) / of(hands, key)).toFixed(2),
  ]);
  return [name, String(rows), ...cells, isSame ? 'yes' : 'NO'];
}

interface Cost {
  readonly ms: number;
  /** Processor time of the product's two processes, in milliseconds: what a busy machine changes least. */
  readonly cpuMs: number;
}

async function priced<Value>(product: Product, work: () => Promise<Value>): Promise<[Value, Cost]> {
  const used = async (): Promise<number> => (await cpuMs(product.pid)) + (await cpuMs(product.databasePid));
  const usedBefore = await used();
  const startedAt = performance.now();
  const value = await work();
  const ms = performance.now() - startedAt;
  return [value, { ms, cpuMs: (await used()) - usedBefore }];
}

type Row = Readonly<Record<string, string | number | null>>;

async function askApi({ url, headers }: Product, request: object): Promise<Figures> {
  const answer = await fetch(`${url}/api/v1/report`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ from: shop.from, to: shop.to, date_basis: 'deal', ...request }),
  });
  if (!answer.ok) throw new Error(`the report was refused: ${await answer.text()}`);
  const { rows } = (await answer.json()) as { readonly rows: readonly Row[] };
  const key = ({ date, channel, campaign }: Row): string => String(date ?? channel ?? campaign ?? '');
  return new Map(
    rows.map((row) => [key(row), Object.fromEntries(metrics.map((name) => [name, Number(row[name] ?? 0)]))]),
  );
}

/** By hand money is divided, not split into whole kopecks whose rest goes to the last touch: a hundred-thousandth of difference is none. */
function areSame(figures: Figures, expected: Figures): boolean {
  const keys = [...new Set([...figures.keys(), ...expected.keys()])];
  return keys.every((key) =>
    ['visits', 'ad_cost', 'revenue'].every((name) => {
      const wanted = expected.get(key)?.[name] ?? 0;
      return Math.abs((figures.get(key)?.[name] ?? 0) - wanted) <= Math.abs(wanted) * 1e-5;
    }),
  );
}
