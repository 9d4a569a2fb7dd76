import { hash, hostOf, isOwn, readTags } from './addresses.ts';
import { takeOver } from './cross-domain.ts';
import { beginVisit, signature, visit } from './kept.ts';

// Buyers come back from these by themselves; the ad that brought them stays the source. Parts of names will do: the server,
// which judges again, has the whole list.
const returnHosts = /kassa|yoomoney|pay|tinkoff|bank\.|sber|vtb|nspk|^(oauth|passport|accounts|login|esia|\w*id)\./;

/** Decides whether the opening of this page begins a visit, and notes its source when it does. */
export function arrive(landing: string, arrivedBy: string): void {
  takeOver();
  const tags = readTags(landing);
  const host = hostOf(document.referrer);
  // The previous page is the shop's own, a payment page or a sign-in page: the visit goes on whatever the address says.
  const continues = host && (isOwn(host) || returnHosts.test(host));
  // ysclid is new on every click in the same search results: it tells organic search, not one campaign from another.
  const from = continues ? '' : host || (tags.has('ysclid') ? 'yandex.ru' : '');
  tags.delete('ysclid');
  const mark = hash(String(tags) || from);
  if (from) tags.set('referrer', from);
  // Reload and Back show a landing again with its old address and referrer; nobody has arrived.
  if (visit && (!mark || continues || /^[rb]/.test(arrivedBy) || mark === signature)) return;
  // A visit that goes on from another host of the shop has a source, but this origin cannot know it.
  beginVisit(mark, continues && !mark ? undefined : String(tags));
}
