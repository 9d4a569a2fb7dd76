import type { Core } from './commands.ts';

// The first script, as the second one sees it.
export let config: Core[0];
export let patch: Core[1];
export let track: Core[2];
export let trackForm: Core[3];
export let run: Core[4];
export let fieldsFor: Core[5];
export let numbers: Core[6];
export let crmEvents: Core[7];
export let parts: Core[8];

/** Takes the core that the first script hands over. */
export function takeCore(...core: Core): void {
  [config, patch, track, trackForm, run, fieldsFor, numbers, crmEvents, parts] = core;
}
