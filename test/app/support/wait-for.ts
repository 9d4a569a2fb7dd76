import { setTimeout as delay } from 'node:timers/promises';

const firstPauseMs = 20;
const slowestPauseMs = 250;

/** Asks again, ever more slowly, until the answer is true; what `isThere` throws ends the wait. */
export async function waitFor(what: string, isThere: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let pauseMs = firstPauseMs; !(await isThere()); pauseMs = Math.min(pauseMs * 1.5, slowestPauseMs)) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await delay(pauseMs);
  }
}
