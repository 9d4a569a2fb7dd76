import { hostResolverRules, runBrowserJourneys, startShop, type World } from '../../test/simulator/index.ts';
import type { Progress } from '../terminal/progress.ts';

/** A few of today's buyers are a real Chromium on real pages with the tag. */
export async function playInBrowser(world: World, collectorPort: number, progress: Progress): Promise<void> {
  const launch = await browserLauncher();
  if (launch === undefined)
    return progress.done('browser', 'Chromium is not installed; the shop goes on without these buyers');
  const shop = await startShop(world);
  const browser = await launch(hostResolverRules({ shop: shop.port, collector: collectorPort }));
  try {
    await runBrowserJourneys(world, {
      browser,
      shop,
      onProgress: (done, total) => progress.step('browser', done, total),
    });
  } finally {
    await browser.close();
    await shop.stop();
  }
  progress.done(
    'browser',
    `${shop.taken.deals.length} orders and ${shop.taken.requests.length} requests made by hand in Chromium`,
  );
}

type Launch = typeof import('../../test/simulator/chromium.ts').launchChromium;

/** Chromium belongs to the development packages: an installation without them shows the rest. */
async function browserLauncher(): Promise<Launch | undefined> {
  try {
    return (await import('../../test/simulator/chromium.ts')).launchChromium;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
