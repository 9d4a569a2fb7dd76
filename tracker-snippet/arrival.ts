import { hash, hostOf, isOwn, readTags } from './addresses.ts';
import { takeOver } from './cross-domain.ts';
import { beginVisit, firstSource, signature, visit } from './kept.ts';

// Buyers come back from these by themselves; the ad that brought them stays the source. Parts of names will do: the server,
// which judges again, has the whole list.
const returnHosts = /kassa|yoomoney|pay|tinkoff|bank\.|sber|vtb|nspk|^(oauth|passport|accounts|login|esia|\w*id)\./;

// Reload and Back show a landing again with its old address and referrer; nobody has arrived.
const goesOn = (mark: string, arrivedBy: string): boolean => !mark || /^[rb]/.test(arrivedBy) || mark === signature;

// ysclid is new on every click in the same search results: it tells organic search, not one campaign from another.
const hiddenHost = (tags: URLSearchParams): string => (tags.has('ysclid') ? 'yandex.ru' : '');

/** Decides whether the opening of this page begins a visit, and notes its source when it does. */
export function arrive(landing: string, arrivedBy: string): void {
  takeOver();
  const { referrer } = document;
  const host = hostOf(referrer);
  const isInternal = host !== '' && isOwn(host);
  const isReturn = isInternal || returnHosts.test(host);
  // The previous page is the shop's own, or a payment or sign-in page in mid-visit: the visit goes on whatever the address says.
  const continues = isInternal || (visit && isReturn);
  // Nothing may have been kept before the visitor agreed, so the page he came to may be the previous one.
  const tags = readTags(isInternal && !firstSource ? `${landing}&${referrer}` : landing);
  const from = isReturn ? '' : host || hiddenHost(tags);
  tags.delete('ysclid');
  const mark = hash(String(tags) || from);
  if (from) tags.set('referrer', from);
  if (visit && (continues || goesOn(mark, arrivedBy))) return;
  // A visit that goes on from another host of the shop has a source, but this origin cannot know it.
  beginVisit(mark, isReturn && !mark ? undefined : String(tags));
}
