import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until the answer is true; what `isThere` throws ends the wait. */
export async function waitFor(what: string, isThere: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isThere())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await delay(25);
  }
}
