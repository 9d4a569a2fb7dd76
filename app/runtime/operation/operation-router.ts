import { Router } from 'express';
import { allowMethods } from '../../../collector/http/allow-methods.ts';
import { sendProblem } from '../../../collector/http/problem.ts';
import type { TokenStore } from '../../../warehouse/token-store.ts';
import { type Figures, metricsContentType, metricsText } from './metrics.ts';
import { metricsTokens } from './metrics-tokens.ts';
import type { NotReady } from './readiness.ts';

export interface OperationOptions {
  readonly figures: () => Promise<Figures>;
  /** What keeps this process from its work; empty: it is ready. */
  readonly notReady: () => Promise<readonly NotReady[]>;
  readonly tokens: Pick<TokenStore, 'verifyToken'>;
  readonly now: () => number;
}

/** Asked more often than this, the answer is the last one: nobody may wear out the disk by asking. */
const readyForMs = 1000;

/** `/healthz`, `/readyz` and `/metrics`: whether the process lives, whether it can do its work, and what it did. */
export function operationRouter(options: OperationOptions): Router {
  const router = Router();
  router.all(['/healthz', '/readyz', '/metrics'], allowMethods('GET', 'HEAD'));
  router.get('/healthz', (_request, response) => response.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  const notReady = atMostEvery(readyForMs, options.now, options.notReady);
  router.get('/readyz', async (_request, response) => {
    const errors = (await notReady()).map(({ part, detail }) => ({ path: part, message: detail }));
    if (errors.length === 0) return response.set('Cache-Control', 'no-store').json({ status: 'ok' });
    const detail = `Not ready: ${errors.map(({ message }) => message).join(' ')} The log says why.`;
    return sendProblem(response, { status: 503, detail, errors, retryAfterSeconds: 5 });
  });
  const mayRead = metricsTokens(options.tokens);
  router.get('/metrics', async (request, response) => {
    const problem = await mayRead(request.headers.authorization);
    if (problem?.status === 401) response.set('WWW-Authenticate', 'Bearer realm="throughline"');
    if (problem !== undefined) return sendProblem(response, problem);
    const text = await metricsText(await options.figures());
    return response.set('Cache-Control', 'no-store').type(metricsContentType).send(text);
  });
  return router;
}

function atMostEvery<Value>(ms: number, now: () => number, ask: () => Promise<Value>): () => Promise<Value> {
  let last: { readonly atMs: number; readonly answer: Promise<Value> } | undefined;
  return () => {
    const atMs = now();
    if (last === undefined || Math.abs(atMs - last.atMs) >= ms) last = { atMs, answer: ask() };
    return last.answer;
  };
}
