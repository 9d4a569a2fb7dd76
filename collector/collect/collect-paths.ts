/** Paths of the collector that pages use, each without a query. */
export interface CollectPaths {
  readonly script: readonly string[];
  readonly collect: readonly string[];
  readonly pixel: readonly string[];
}

export const defaultPaths: CollectPaths = { script: ['/t.js'], collect: ['/collect'], pixel: ['/collect.gif'] };

/**
 * The usual paths and those of the shop. Beside each script of its own stands an address to send to, which the script finds by its own
 * name: `/a/app` of `/a/app.js`.
 */
export function withUsualPaths(own: Partial<CollectPaths>): CollectPaths {
  const { script = [], collect = [], pixel = [] } = own;
  const beside = script.filter((path) => path.endsWith('.js')).map((path) => path.slice(0, -'.js'.length));
  const join = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())];
  return {
    script: join(defaultPaths.script, script),
    collect: join(defaultPaths.collect, collect, beside),
    pixel: join(defaultPaths.pixel, pixel),
  };
}
