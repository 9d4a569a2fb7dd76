import { readSource } from './campaign.ts';
import { navigationEntry } from './page-view.ts';
import { read, write } from './storage.ts';
import { newUuid } from './uuid.ts';
import { keepVisit, liveVisit } from './visit.ts';

const lastKey = 'tl_source';
const firstKey = 'tl_first_source';
const direct = 'direct';

/** The first source this origin saw the visitor come from, and the last one that was not direct; empty when it saw none. */
export const firstSource = (): string => read(firstKey);
export const lastSource = (): string => read(lastKey);

/** Decides whether the opening of this page begins a visit, and keeps the source when it does. */
export function arrive(address: string): void {
  const { signature, tags, continues } = readSource(address, document.referrer);
  const visit = liveVisit();
  // Reload and Back show a landing again with its old address and referrer; nobody has arrived.
  const isSeenAgain = /^[rb]/.test(navigationEntry.type || '');
  if (visit.id && (!signature || continues || isSeenAgain || visit.signature === signature)) return;
  keepVisit(newUuid(), signature);
  // A visit that goes on from another host of the shop has a source, but this origin cannot know it.
  if (continues && !tags) return;
  write(lastKey, tags || lastSource() || direct);
  write(firstKey, firstSource() || tags || direct);
}
