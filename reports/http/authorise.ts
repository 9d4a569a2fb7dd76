import type { Request, RequestHandler } from 'express';
import type { TokenScope, TokenStore } from '../../warehouse/token-store.ts';
import { sendProblem } from './problem.ts';
import type { Sessions } from './sessions.ts';

/** `open`: nobody is asked for a token, for a machine that one person alone reaches. */
export type ReportsAuth = { readonly mode: 'open' } | { readonly mode: 'tokens'; readonly tokens: TokenStore };

const sessionCookie = /(?:^|;\s*)tl_session=([A-Za-z0-9_-]{1,100})(?:;|$)/;

/** The id of the dashboard's session that a request carries. */
export const sessionIdOf = (request: Request): string | undefined =>
  sessionCookie.exec(request.headers.cookie ?? '')?.[1];

/** The Bearer token of a request, else the one behind its session. */
export function tokenOf(request: Request, sessions: Sessions): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const id = sessionIdOf(request);
  return id === undefined ? undefined : sessions.tokenOf(id);
}

/** Lets a request through with a token of the scope: without one 401, with one for other things 403. */
export function authorise(auth: ReportsAuth, sessions: Sessions, scope: TokenScope): RequestHandler {
  return async (request, response, next) => {
    if (auth.mode === 'open') return next();
    const token = tokenOf(request, sessions);
    const verified = token === undefined ? undefined : await auth.tokens.verifyToken(token, scope);
    if (verified?.ok) return next();
    if (verified !== undefined && verified.problem.reason === 'scope') {
      return sendProblem(response, 403, verified.problem.detail);
    }
    response.set('WWW-Authenticate', 'Bearer realm="throughline"');
    return sendProblem(
      response,
      401,
      verified?.problem.detail ?? `send "Authorization: Bearer tl_…" with a token of scope ${scope}`,
    );
  };
}
