import { config } from './config.ts';
import type { Core } from './more.ts';

// The first script, as the second one sees it.
export let track: Core[1];
export let ids: Core[2];
export let numbers: Core[3];
export let crmEvents: Core[4];
export let parts: Core[5];

/** Takes the core that the first script hands over. */
export function takeCore(settings: Core[0], ...core: [Core[1], Core[2], Core[3], Core[4], Core[5]]): void {
  Object.assign(config, settings);
  [track, ids, numbers, crmEvents, parts] = core;
}

/** Whether a page that a framework takes over from its server has been taken over: before that it bears no change. */
export const mayChange = (): boolean => document.readyState === 'complete';
