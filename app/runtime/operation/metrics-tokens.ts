import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BoundedMap } from '../../../collector/bounded-map.ts';
import type { TokenStore } from '../../../warehouse/token-store.ts';
import { isWarehouseError } from '../../../warehouse/warehouse-error.ts';

export interface TokenRefusal {
  readonly status: 401 | 403 | 503;
  readonly detail: string;
}

/** How long the database may think, ms. Prometheus gives up after 10 seconds. */
export interface TokenPatience {
  /** About a token that was good before. */
  readonly knownMs: number;
  readonly unknownMs: number;
}

const mostRemembered = 100;
const usualPatience: TokenPatience = { knownMs: 1000, unknownMs: 5000 };

const noToken: TokenRefusal = {
  status: 401,
  detail: 'Send "Authorization: Bearer tl_…" with a token of scope read.',
};
const databaseAway: TokenRefusal = {
  status: 503,
  detail: 'The database, which knows the tokens, does not answer now; ask again later.',
};

/**
 * Judges the header Authorization of who asks for figures. Figures matter most while the database, which knows the tokens, is away or hangs:
 * then one that was good the last time is good still.
 */
export function metricsTokens(
  tokens: Pick<TokenStore, 'verifyToken'>,
  patience = usualPatience,
): (authorization: string | undefined) => Promise<TokenRefusal | undefined> {
  const good = new BoundedMap<string, true | undefined>(mostRemembered);
  const asked = new Map<string, Promise<TokenRefusal | undefined>>();
  const whileAway = (key: string): TokenRefusal | undefined => (good.get(key) ? undefined : databaseAway);
  const verify = async (token: string, key: string): Promise<TokenRefusal | undefined> => {
    try {
      const verified = await tokens.verifyToken(token, 'read');
      good.set(key, verified.ok ? true : undefined);
      if (verified.ok) return undefined;
      return { status: verified.problem.reason === 'scope' ? 403 : 401, detail: verified.problem.detail };
    } catch (error) {
      if (!isWarehouseError(error)) throw error;
      return whileAway(key);
    } finally {
      asked.delete(key);
    }
  };
  /** A database that hangs is asked about a token once, however often its figures are. */
  const ask = (token: string, key: string): Promise<TokenRefusal | undefined> => {
    const answer = asked.get(key) ?? verify(token, key);
    asked.set(key, answer);
    return answer;
  };
  return async (authorization) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return noToken;
    const key = createHash('sha256').update(token).digest('hex');
    const waiting = new AbortController();
    const late = delay(good.get(key) ? patience.knownMs : patience.unknownMs, undefined, { signal: waiting.signal });
    return Promise.race([ask(token, key), late.then(() => whileAway(key))]).finally(() => waiting.abort());
  };
}
