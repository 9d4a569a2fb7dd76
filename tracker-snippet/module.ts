import type { Options } from './config.ts';
import { throughline } from './stub.ts';

export { throughline };

/** Starts the tracker of this page; `endpoint` is the address of the collector's `/collect`. Once for a page; nothing on a server. */
export function start(options: Options & { endpoint: string }): void {
  // The sources look at the page as soon as they are loaded.
  if (typeof window !== 'undefined')
    Promise.all([import('./tracker.ts'), import('./extras.ts')]).then(([{ install }, { attach }]) => {
      install(options);
      throughline('more', attach);
    });
}
