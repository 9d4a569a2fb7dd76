import type { RequestHandler } from 'express';
import { sendProblem } from './problem.ts';

/** Media types of JSON; text/plain is what a page may send without asking first. */
const jsonType = /^\s*(?:application\/(?:[^\s;]+\+)?json|text\/plain)\s*(?:;|$)/i;

/** Turns away a body that says it is something else than JSON. A body that does not say what it is passes for JSON. */
export const onlyJson: RequestHandler = (request, response, next) => {
  const type = request.headers['content-type'] ?? '';
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!hasBody || type === '' || jsonType.test(type)) return next();
  return sendProblem(response, 415, 'the body is not JSON by its Content-Type; send "Content-Type: application/json"');
};
