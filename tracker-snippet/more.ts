import { config } from './config.ts';
import { crmEvents } from './shared.ts';

/** Loads the second script from beside the first, on a page that has something for it. */
export function loadMore(): void {
  const { layer = 'dataLayer', more, nonce, integrity = '' } = config;
  const page = window as unknown as { [name: string]: unknown };
  const isNeeded = 'calls' in config || page[layer] || page['jivo_api'] || crmEvents[0];
  if (!more || !(isNeeded || document.querySelector('[data-throughline-contacts]'))) return;
  config.more = '';
  document.head.append(
    Object.assign(document.createElement('script'), { src: more, nonce, integrity, crossOrigin: '' }),
  );
}
