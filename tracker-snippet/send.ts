import { config } from './config.ts';
import { attempt } from './safely.ts';

// Browsers allow all keepalive requests of a page 64 KiB together; only what is small or last needs to outlive the page.
const maxKeepaliveChars = 16_000;
// Taken before the page's own fetch is watched.
const { fetch } = window;

/** Posts a body as text/plain, which needs no preflight. `isLeaving`: the page may be gone before the answer. Never rejects. */
export async function post(body: string, isLeaving: boolean): Promise<Response> {
  const nobody = () => Response.error();
  try {
    if (!isLeaving || 'keepalive' in Request.prototype) {
      const keepalive = isLeaving || body.length < maxKeepaliveChars;
      return await fetch(config.endpoint, { method: 'POST', body, keepalive, credentials: 'include' }).catch(nobody);
    }
  } catch {
    // No fetch, or one that the page has broken.
  }
  return attempt(() => navigator.sendBeacon(config.endpoint, body)) ? new Response('{}') : nobody();
}
