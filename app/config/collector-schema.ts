import { z } from 'zod';
import { withUsualPaths } from '../../collector/collect/collect-paths.ts';
import { defaultLimits, type RateLimitOptions } from '../../collector/collect/rate-limit.ts';
import { secondOf } from '../../collector/tracker-script.ts';
import { mostWorkers } from '../options.ts';

const rateSchema = (usual: RateLimitOptions) =>
  z.strictObject({
    per_second: z
      .number()
      .positive()
      .default(usual.perSecond)
      .describe(
        'Requests a second that may be kept up, by all workers together; one counts once for each 10 events and each 8 KB that it begins',
      ),
    burst: z.int().min(1).default(usual.burst).describe('As many as may come at once after a pause'),
  });

const addressRate = rateSchema(defaultLimits.address);
const siteRate = rateSchema(defaultLimits.site);

const limitsSchema = z.strictObject({
  address: addressRate
    .default(() => addressRate.parse({}))
    .describe('Of one address; what comes over loopback is not limited'),
  site: siteRate.default(() => siteRate.parse({})).describe('Of all pages of one site together'),
  free_disk_mb: z
    .int()
    .min(0)
    .default(256)
    .describe('Megabytes of the disk that stay free: below them events are put off by 503 until there is room again'),
});

/** Where the product itself answers. */
const taken =
  /^\/(api|exchange|hooks|healthz|readyz|metrics|openapi\.json|docs|assets|t\.js|collect|collect\.gif)(\/|$)/i;

const pathPattern = /^(\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/;

function problemOf(path: string): string | undefined {
  if (!pathPattern.test(path)) return 'expected a path such as /a/app.js of Latin letters, digits and . _ ~ -';
  return taken.test(path) ? `the product answers at ${path} itself; choose another path` : undefined;
}

const paths = (what: string) =>
  z
    .union([z.string(), z.array(z.string())], 'expected a path such as /a/app.js, or a list of them')
    .default([])
    .transform((written, context) => {
      const list = [written].flat();
      const problem = list.map(problemOf).find((found) => found !== undefined);
      if (problem === undefined) return list;
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    })
    .describe(what);

const pathsSchema = z
  .strictObject({
    script: paths(
      'More addresses of the tag beside /t.js; its second script lies beside it, at /a/app-more.js of /a/app.js, and events are taken there too, at /a/app',
    ),
    collect: paths('More addresses of events beside /collect, for data-endpoint of the tag'),
    pixel: paths('More addresses of the image beside /collect.gif'),
  })
  .superRefine(({ script, collect, pixel }, context) => {
    const uses = withUsualPaths({ script, collect, pixel });
    const all = [...uses.script, ...uses.collect, ...uses.pixel, ...uses.script.map(secondOf)];
    const twice = all.find((one, index) => all.indexOf(one) !== index);
    if (twice !== undefined) context.addIssue({ code: 'custom', message: `${twice} cannot be two things at once` });
  });

/** How events are taken. */
export const collectorSchema = z.strictObject({
  workers: z
    .int()
    .min(0)
    .max(mostWorkers)
    .default(1)
    .describe('Processes that take events, each with a spool of its own; 0: the main process takes them itself'),
  limits: limitsSchema.default(() => limitsSchema.parse({})).describe('What the collector takes before it says: later'),
  paths: pathsSchema
    .default(() => pathsSchema.parse({}))
    .describe('Addresses of the collector that are on no blocklist; the usual ones go on working'),
});
