import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { fieldErrors } from '../query/messages.ts';
import { type ReportsAuth, sessionIdOf, tokenOf } from './authorise.ts';
import { sendFieldErrors, sendProblem } from './problem.ts';
import type { Sessions } from './sessions.ts';

const signInSchema = z.strictObject({ token: z.string({ error: 'expected a token such as tl_…' }).min(1).max(500) });

const cookie = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

function signIn(auth: ReportsAuth, sessions: Sessions): RequestHandler {
  return async (request, response) => {
    const parsed = signInSchema.safeParse(request.body);
    if (!parsed.success) return sendFieldErrors(response, fieldErrors(parsed.error));
    if (auth.mode === 'tokens') {
      const verified = await auth.tokens.verifyToken(parsed.data.token, 'read');
      if (!verified.ok) {
        return sendProblem(response, verified.problem.reason === 'scope' ? 403 : 401, verified.problem.detail);
      }
    }
    const { id, maxAgeMs } = sessions.start(parsed.data.token);
    response.cookie('tl_session', id, { ...cookie, maxAge: maxAgeMs, secure: request.secure });
    response.status(204).end();
  };
}

/** Signing in to the dashboard: GET tells whether one has to, POST {token} sets the cookie, DELETE ends it. */
export function sessionRoutes(auth: ReportsAuth, sessions: Sessions): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const token = tokenOf(request, sessions);
    const verified =
      auth.mode === 'tokens' && token !== undefined ? (await auth.tokens.verifyToken(token, 'read')).ok : false;
    response.json({ auth: auth.mode, signed_in: auth.mode === 'open' || verified });
  });
  router.post('/', signIn(auth, sessions));
  router.delete('/', (request, response) => {
    const id = sessionIdOf(request);
    if (id !== undefined) sessions.end(id);
    response.clearCookie('tl_session', cookie);
    response.status(204).end();
  });
  return router;
}
