import { setTimeout as wait } from 'node:timers/promises';

/** Waits, or rejects with the signal's reason as soon as it is aborted. Injected, so that tests hold time. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export const systemSleep: Sleep = async (ms, signal) => {
  signal?.throwIfAborted();
  try {
    await wait(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};
