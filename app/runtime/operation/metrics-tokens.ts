import { createHash } from 'node:crypto';
import { BoundedMap } from '../../../collector/bounded-map.ts';
import type { TokenStore } from '../../../warehouse/token-store.ts';
import { isWarehouseError } from '../../../warehouse/warehouse-error.ts';

export interface TokenRefusal {
  readonly status: 401 | 403 | 503;
  readonly detail: string;
}

const mostRemembered = 100;

const noToken: TokenRefusal = {
  status: 401,
  detail: 'Send "Authorization: Bearer tl_…" with a token of scope read.',
};
const databaseAway: TokenRefusal = {
  status: 503,
  detail: 'The database, which knows the tokens, does not answer now; ask again later.',
};

/**
 * Judges the header Authorization of who asks for figures. Figures matter most while the database, which knows the tokens, is away: then
 * one that was good the last time is good still.
 */
export function metricsTokens(
  tokens: Pick<TokenStore, 'verifyToken'>,
): (authorization: string | undefined) => Promise<TokenRefusal | undefined> {
  const good = new BoundedMap<string, true | undefined>(mostRemembered);
  const verify = async (token: string, key: string): Promise<TokenRefusal | undefined> => {
    const verified = await tokens.verifyToken(token, 'read');
    good.set(key, verified.ok ? true : undefined);
    if (verified.ok) return undefined;
    return { status: verified.problem.reason === 'scope' ? 403 : 401, detail: verified.problem.detail };
  };
  return async (authorization) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return noToken;
    const key = createHash('sha256').update(token).digest('hex');
    return verify(token, key).catch((error: unknown) => {
      if (!isWarehouseError(error)) throw error;
      return good.get(key) ? undefined : databaseAway;
    });
  };
}
