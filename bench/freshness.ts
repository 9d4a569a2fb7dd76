import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { machineLoad, median, say } from './lines.ts';
import { type Product, startProduct } from './product.ts';

const events = 20;
const longestPauseMs = 2_000;
const pollMs = 50;
const giveUpMs = 60_000;
const targetSeconds = 10;
/** Fetch's own name is a robot's. */
const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

/** From the answer to an event until a report over HTTP counts its visit, with the settings that everybody has. */
export async function measureFreshness(): Promise<void> {
  say(`Freshness: ${events} page views at random moments, each of a new visitor; from the answer to being in a report`);
  const product = await startProduct();
  try {
    const times: number[] = [];
    for (let number = 0; number < events; number += 1) {
      await delay(Math.random() * longestPauseMs);
      times.push(await timeToReport(product));
    }
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    say(
      `p50 ${seconds(median(times))} s, longest ${seconds(Math.max(...times))} s (target ≤ ${targetSeconds} s); ${machineLoad()}`,
    );
  } finally {
    await product.stop();
  }
}

async function timeToReport(product: Product): Promise<number> {
  const campaign = randomUUID();
  await sendPageView(product, campaign);
  const startedAt = performance.now();
  while (performance.now() - startedAt < giveUpMs) {
    if ((await visitsOf(product, campaign)) === 1) return performance.now() - startedAt;
    await delay(pollMs);
  }
  throw new Error(`an event was not in the report ${giveUpMs / 1000} s after it was taken`);
}

async function sendPageView({ url }: Product, campaign: string): Promise<void> {
  const event = {
    id: randomUUID(),
    type: 'pageview',
    ts: Date.now(),
    visit: randomUUID(),
    url: `https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=${campaign}`,
  };
  const body = JSON.stringify({ site: 'demo', visitor: randomUUID(), events: [event] });
  const headers = { Origin: 'https://shop.example', 'User-Agent': browser };
  const answer = await fetch(`${url}/collect`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the event was not taken: ${await answer.text()}`);
  await answer.text();
}

async function visitsOf({ url, headers }: Product, campaign: string): Promise<number> {
  const day = (offsetDays: number): string => new Date(Date.now() + offsetDays * 86_400_000).toISOString().slice(0, 10);
  const filters = [{ field: 'campaign', op: 'eq', value: campaign }];
  const request = { metrics: ['visits'], from: day(-1), to: day(1), filters };
  const answer = await fetch(`${url}/api/v1/report`, { method: 'POST', headers, body: JSON.stringify(request) });
  if (!answer.ok) throw new Error(`the report was refused: ${await answer.text()}`);
  const { totals } = (await answer.json()) as { readonly totals: { readonly visits: number } };
  return totals.visits;
}
