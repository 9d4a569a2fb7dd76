import type { RequestHandler } from 'express';
import { sendProblem } from './problem.ts';

/** Lets the methods of an address through; tells them to OPTIONS, and to whoever comes with another by 405. */
export function allowMethods(...methods: readonly string[]): RequestHandler {
  const allowed = [...methods, 'OPTIONS'].join(', ');
  return (request, response, next) => {
    if (methods.includes(request.method)) return next();
    if (request.method === 'OPTIONS') return response.writeHead(204, { Allow: allowed }).end();
    return sendProblem(response, { status: 405, detail: `Send ${methods.join(' or ')} here.` }, ['Allow', allowed]);
  };
}
