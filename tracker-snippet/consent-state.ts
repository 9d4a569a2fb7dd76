import { config } from './config.ts';

/** granted: everything; pending: nothing leaves the page; denied: counts without a person; opt_out: nothing at all. */
export let consent = 'granted';

export function setConsent(state: string): void {
  consent = state;
}

/** Whether the browser may keep anything of ours, and the visitor may be known again. */
export const mayKeep = (): boolean => consent === 'granted' && !('cookieless' in config);
