import type { Shop } from './shop.ts';

export const wholeScript = '/t.js';
export const secondScript = '/t-more.js';

/** The tag of a shop that uses everything. */
export const wholeTag = (shop: Shop, attributes = ''): string => shop.tag(attributes);

/** The second script where the page brings it itself. */
export const secondTag = (shop: Shop, attributes = ''): string =>
  `<script async src="${shop.site.url('stats.shop.test', secondScript)}" ${attributes}></script>`;
