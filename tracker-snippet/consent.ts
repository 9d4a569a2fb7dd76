import { config } from './config.ts';
import { mayKeep, setConsent } from './consent-state.ts';
import { erase, keep, keepMemory, readKept } from './storage.ts';

const key = 'tl_consent';

/** Follows the visitor's decision, and keeps it even when nothing else is kept: a refusal must not be forgotten with the page. */
export function decide(state: string): void {
  setConsent(state);
  if (mayKeep()) keepMemory();
  else erase();
  keep(key, state);
}

function refuses(): unknown {
  const { doNotTrack, globalPrivacyControl } = navigator as { doNotTrack?: unknown; globalPrivacyControl?: unknown };
  return 'gpc' in config && (globalPrivacyControl || doNotTrack === '1');
}

/** Takes up what the visitor has decided before, else what his browser or the site says. */
export const readConsent = (): void =>
  setConsent(readKept(key) || (FULL && refuses() ? 'denied' : config.consent || 'granted'));
