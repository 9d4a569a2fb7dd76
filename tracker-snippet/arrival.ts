import { readSource } from './campaign.ts';
import { readLocal, writeLocal } from './storage.ts';
import { beginVisit, liveVisit } from './visit.ts';

const lastKey = 'tl_source';
const firstKey = 'tl_first_source';
const direct = 'direct';

// Reload and Back show a landing again with its old address and referrer; nobody has arrived.
function isSeenAgain(): boolean {
  const entry = performance.getEntriesByType('navigation')[0];
  return entry instanceof PerformanceNavigationTiming && /^(reload|back_forward)$/.test(entry.type);
}

/** The first source this origin saw the visitor come from, and the last one that was not direct; empty when it saw none. */
export const knownSources = (): { first: string; last: string } => ({
  first: readLocal(firstKey) || '',
  last: readLocal(lastKey) || '',
});

function remember(text: string): void {
  const known = knownSources();
  writeLocal(lastKey, text === direct ? known.last || direct : text);
  if (!known.first) writeLocal(firstKey, text);
}

/** Decides whether the opening of this page begins a visit, and keeps the source when it does. */
export function arrive(address: string): void {
  const { signature, text, continues } = readSource(address, document.referrer);
  const visit = liveVisit();
  const isNewSource = signature && !continues && !isSeenAgain() && visit && visit.source !== signature;
  if (visit && !isNewSource) return;
  beginVisit(signature);
  // A visit that goes on from another host of the shop has a source, but this origin cannot know it.
  if (text || !continues) remember(text || direct);
}
