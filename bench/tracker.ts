import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { textTable } from '../app/terminal/table.ts';
import { launchChromium } from '../test/simulator/chromium.ts';
import { machineLoad, median, say } from './lines.ts';
import { type ScriptPath, startTrackerSite, type TrackerSite } from './tracker-site.ts';
import { costOfLoad, type LoadCost } from './tracker-trace.ts';

const loads = 15;
const slowdown = 4;
const targetMs = 5;

type Visitor = 'new visitor' | 'returning visitor';
type Measured = Record<Visitor, { readonly ours: LoadCost[]; readonly empty: LoadCost[] }>;

/**
 * What the tag costs the main thread of a page with three forms, on a processor four times slower: new and returning visitors, in turns
 * with an empty script. `script` is the file to measure, that of the built product otherwise.
 */
export async function measureTracker(
  script = join(import.meta.dirname, '..', 'tracker-snippet', 't.js'),
): Promise<void> {
  const site = await startTrackerSite({ '/t.js': readFileSync(script, 'utf8'), '/empty.js': ';' });
  const browser = await launchChromium('MAP *.test 127.0.0.1');
  try {
    tell(await measure(browser, site));
  } finally {
    await browser.close();
    await site.close();
  }
}

async function measure(browser: Browser, site: TrackerSite): Promise<Measured> {
  const measured: Measured = {
    'new visitor': { ours: [], empty: [] },
    'returning visitor': { ours: [], empty: [] },
  };
  for (let load = 0; load < loads; load += 1) {
    for (const [kind, path] of [
      ['ours', '/t.js'],
      ['empty', '/empty.js'],
    ] as const) {
      const context = await browser.newContext();
      measured['new visitor'][kind].push(await cost(context, site, path));
      measured['returning visitor'][kind].push(await cost(context, site, path));
      await context.close();
    }
  }
  return measured;
}

async function cost(context: BrowserContext, site: TrackerSite, path: ScriptPath): Promise<LoadCost> {
  const page = await context.newPage();
  const found = await costOfLoad(page, site.page(path), path, slowdown);
  await page.close();
  return found;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const longest = ({ laterMs }: LoadCost): number => Math.max(0, ...laterMs);
const totalOf = (load: LoadCost): number => load.scriptMs + sum(load.laterMs);

function tell(measured: Measured): void {
  const figure = (values: readonly number[]): string =>
    `${median(values).toFixed(1)} / ${percentile(values, 0.9).toFixed(1)}`;
  const lines = Object.entries(measured).map(([visitor, { ours, empty }]) => [
    visitor,
    figure(ours.map(({ scriptMs }) => scriptMs)),
    figure(ours.map(longest)),
    figure(ours.map(({ laterMs }) => sum(laterMs))),
    figure(ours.map(totalOf)),
    figure(empty.map(totalOf)),
    (median(ours.map(({ tasksMs }) => tasksMs)) - median(empty.map(({ tasksMs }) => tasksMs))).toFixed(1),
  ]);
  const titles = [
    '',
    'script',
    'longest later',
    'all later',
    'script and later',
    'empty script',
    'all tasks, more than empty',
  ];
  say(
    `Tag on a page with 3 forms, processor ${slowdown} times slower, ${loads} loads each; ms of main thread, median / p90`,
  );
  say(
    textTable(
      titles.map((title, index) => ({ title, align: index === 0 ? ('left' as const) : ('right' as const) })),
      lines,
    ),
  );
  say('script: compiled and run as it comes; later: timers, idle callbacks, listeners, promises of it within 2 s');
  say(`target: at most ${targetMs} ms as the page loads; ${machineLoad()}`);
}
