import type { Clock } from '../../domain/time.ts';
import {
  hostResolverRules,
  postBrowserJourneys,
  runBrowserJourneys,
  type ShopServer,
  startShop,
  type World,
} from '../../test/simulator/index.ts';
import type { Env } from '../config/load-config.ts';
import type { Listening } from '../runtime/http-server.ts';
import type { Progress } from '../terminal/progress.ts';

export interface PlayOptions {
  readonly collector: Pick<Listening, 'url' | 'port'>;
  /** `THROUGHLINE_CHROMIUM` names a Chromium to use instead of the one out of npm. */
  readonly env: Env;
  readonly progress: Progress;
  /** Now at the shop; a Chromium goes by the clock of the machine. */
  readonly clock: Clock;
}

/**
 * A few of today's buyers are a real Chromium on real pages with the tag. Where none can start, what it would have sent is
 * posted instead, so that the shop has the same buyers.
 */
export async function playInBrowser(world: World, options: PlayOptions): Promise<void> {
  const shop = await startShop(world, { now: () => options.clock.now() });
  try {
    const how = await play(world, shop, options);
    const { deals, requests } = shop.taken;
    options.progress.done('browser', `${deals.length} orders and ${requests.length} requests ${how}`);
  } finally {
    await shop.stop();
  }
}

async function play(world: World, shop: ShopServer, { collector, env, progress }: PlayOptions): Promise<string> {
  const onProgress = (done: number, total: number): void => progress.step('browser', done, total);
  const rules = hostResolverRules({ shop: shop.port, collector: collector.port });
  const browser = await launch(rules, env['THROUGHLINE_CHROMIUM'] || undefined);
  if (typeof browser === 'string') {
    await postBrowserJourneys(world, { collectorUrl: collector.url, shop, onProgress });
    return `posted as the same payloads instead: Chromium cannot start on this machine (${browser})`;
  }
  try {
    await runBrowserJourneys(world, { browser, shop, onProgress });
    return 'made by hand in Chromium';
  } finally {
    await browser.close();
  }
}

type Browser = Awaited<ReturnType<typeof import('../../test/simulator/chromium.ts').launchChromium>>;

/** A browser, or why there is none: it belongs to the development packages, comes for one platform, and needs libraries of the system. */
async function launch(rules: string, executable: string | undefined): Promise<Browser | string> {
  try {
    const { launchChromium } = await import('../../test/simulator/chromium.ts');
    return await launchChromium(rules, executable);
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return 'it is not installed';
  const text = error instanceof Error ? error.message : String(error);
  const missing = /error while loading shared libraries: ([^\s:]+)/.exec(text)?.[1];
  if (missing !== undefined) return `the system lacks ${missing}`;
  return text.split('\n')[0]?.slice(0, 200) ?? '';
}
