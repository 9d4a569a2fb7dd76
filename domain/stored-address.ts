import { withoutLinkMark } from './link-mark.ts';
import { maskUrl } from './mask-url.ts';

/** An address as it is kept wherever one is: without contacts, and without what hands a visitor from domain to domain. */
export const storedAddress = (url: string): string => maskUrl(withoutLinkMark(url));
