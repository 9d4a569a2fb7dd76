import type { Shop } from './shop.ts';

/** The script that does everything. */
const file = 't-full.js';

export const wholeScript = `/${file}`;

/** The tag of a shop that uses everything. */
export const wholeTag = (shop: Shop, attributes = ''): string => shop.tag(attributes, file);
