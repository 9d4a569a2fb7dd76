import type { CDPSession, Page } from 'playwright-core';
import { z } from 'zod';

/** One event of a trace, times in microseconds: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
const traceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  ts: z.number(),
  dur: z.number().optional(),
  pid: z.number(),
  tid: z.number(),
  args: z.object({ data: z.object({ url: z.string().optional() }).optional().catch(undefined) }),
});
type TraceEvent = z.output<typeof traceEvent>;
const traceEvents = z.array(traceEvent);

/** What one load of a page cost its main thread, in milliseconds on the slowed processor. */
export interface LoadCost {
  /** The task in which the script of the tag is compiled and run. */
  readonly scriptMs: number;
  /** Each later piece of work of the tag: its timers, idle callbacks, listeners and promises. */
  readonly laterMs: readonly number[];
  /** All tasks of the page's main thread, the browser's own work with it. */
  readonly tasksMs: number;
}

const categories = 'devtools.timeline,disabled-by-default-devtools.timeline,v8,disabled-by-default-v8.compile,toplevel';
const scriptNames = new Set(['EvaluateScript', 'v8.compile', 'V8.CompileCode', 'v8.produceCache']);
const watchedMs = 2_000;

/** Loads the page with the processor slowed and tells what the script cost in the first two seconds. */
export async function costOfLoad(page: Page, address: string, scriptPath: string, slowdown: number): Promise<LoadCost> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const events = await traced(session, async () => {
    await page.goto(address, { waitUntil: 'load' });
    await page.waitForTimeout(watchedMs);
  });
  await session.detach();
  return read(events, scriptPath);
}

async function traced(session: CDPSession, run: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...traceEvents.parse(value)));
  const complete = new Promise<unknown>((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', categories });
  await run();
  await session.send('Tracing.end');
  await complete;
  return events;
}

const ms = (events: readonly TraceEvent[]): number => events.reduce((sum, { dur = 0 }) => sum + dur, 0) / 1000;
const isInside = (inner: TraceEvent, outer: TraceEvent): boolean =>
  inner !== outer && inner.ts >= outer.ts && inner.ts + (inner.dur ?? 0) <= outer.ts + (outer.dur ?? 0);
/** Those that lie in no other: what is inside another is counted with it. */
const outermost = (events: readonly TraceEvent[]): TraceEvent[] =>
  events.filter((event) => !events.some((other) => isInside(event, other)));

function read(events: readonly TraceEvent[], scriptPath: string): LoadCost {
  const isOurs = ({ args }: TraceEvent): boolean => args.data?.url?.endsWith(scriptPath) ?? false;
  const complete = events.filter(({ ph }) => ph === 'X');
  const script = complete.find((event) => event.name === 'EvaluateScript' && isOurs(event));
  if (script === undefined) throw new Error(`no trace of ${scriptPath}`);
  const onMain = complete.filter(({ pid, tid }) => pid === script.pid && tid === script.tid);
  const ours = outermost(
    onMain.filter((event) => isOurs(event) && (scriptNames.has(event.name) || event.name === 'FunctionCall')),
  );
  const isScript = (event: TraceEvent): boolean => scriptNames.has(event.name);
  return {
    scriptMs: ms(ours.filter(isScript)),
    laterMs: ours.filter((event) => !isScript(event)).map((event) => ms([event])),
    tasksMs: ms(onMain.filter(({ name }) => name === 'RunTask')),
  };
}
