/** What the collector answered to a batch it took; every field is as received. */
export interface Answer {
  visitor?: unknown;
  visit?: unknown;
  visit_code?: unknown;
  /** Events that were not taken, each with its reason. */
  rejected?: unknown;
}

/** taken: on the collector's disk, or in the hands of the browser; refused: never send it again; unreachable: try later. */
export type Outcome =
  | { kind: 'taken'; answer: Answer }
  | { kind: 'refused' }
  | { kind: 'unreachable'; retryAfterMs: number };

// Browsers allow all keepalive requests of a page 64 KiB together; only what is small or last needs to outlive the page.
const maxKeepaliveChars = 16_000;

const unreachable = (retryAfterMs = 0): Outcome => ({ kind: 'unreachable', retryAfterMs });

async function readOutcome(response: Response): Promise<Outcome> {
  if (response.ok) return { kind: 'taken', answer: await response.json().catch(() => ({})) };
  if (response.status === 429 || response.status >= 500) {
    return unreachable(Number(response.headers.get('Retry-After')) * 1000 || 0);
  }
  return { kind: 'refused' };
}

function sendBeaconOnly(endpoint: string, body: string): Outcome {
  try {
    if (navigator.sendBeacon(endpoint, body)) return { kind: 'taken', answer: {} };
  } catch {
    // No beacon either: the event waits.
  }
  return unreachable();
}

/** Posts a body as text/plain, which needs no preflight. `isLeaving`: the page may be gone before the answer. Never rejects. */
export async function post(endpoint: string, body: string, isLeaving: boolean): Promise<Outcome> {
  try {
    if (!isLeaving || 'keepalive' in Request.prototype) {
      const keepalive = isLeaving || body.length < maxKeepaliveChars;
      return await fetch(endpoint, { method: 'POST', body, keepalive, credentials: 'include' }).then(readOutcome, () =>
        unreachable(),
      );
    }
  } catch {
    // No fetch, or one that the page has broken.
  }
  return sendBeaconOnly(endpoint, body);
}
