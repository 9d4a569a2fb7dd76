import { hash, hostOf, isListed, linkParameter } from './addresses.ts';
import { beginVisit, continueVisit, visitor } from './kept.ts';
import { isUuid } from './uuid.ts';

const validMs = 600_000;

// Signed with what the same browser can tell again on the other domain.
const signed = (...parts: unknown[]): string => `${parts.join('.')}.${hash(parts + navigator.userAgent)}`;

/** What a link to another domain of the shop carries: the visitor, the visit, the moment. */
export const linkMark = (): string => signed(visitor, continueVisit(), Date.now());

/** Takes up the visitor and the visit that a link of another domain of the shop has brought, and takes them out of the address. */
export function takeOver(): void {
  const url = new URL(location.href);
  const mark = url.searchParams.get(linkParameter);
  if (!mark) return;
  url.searchParams.delete(linkParameter);
  history.replaceState(history.state, '', url);
  const [id, visit, sentAtMs] = mark.split('.');
  const isFresh = Math.abs(Date.now() - +(sentAtMs as string)) < validMs;
  if (
    isFresh &&
    mark === signed(id, visit, sentAtMs) &&
    isUuid(visit) &&
    isUuid(id) &&
    isListed(hostOf(document.referrer))
  )
    beginVisit('', undefined, visit, id);
}
