import type { RequestHandler } from 'express';
import { sendProblem } from './problem.ts';

/** Lets the methods of an address through; tells them to OPTIONS, and to whoever comes with another by 405. */
export function allowMethods(...methods: readonly string[]): RequestHandler {
  const allowed = [...methods, 'OPTIONS'].join(', ');
  return (request, response, next) => {
    if (methods.includes(request.method)) return next();
    response.setHeader('Allow', allowed);
    if (request.method === 'OPTIONS') return response.status(204).end();
    return sendProblem(response, 405, `Send ${methods.join(' or ')} here.`);
  };
}
