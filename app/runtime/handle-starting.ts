import { problemBody, problemType } from '../../domain/problem.ts';
import type { Handle } from './http-server.ts';

const body = problemBody(503, 'Throughline is starting; send again in a second.');

/** Answers what comes between the opening of the port and the start of the roles. */
export const handleStarting: Handle = (request, response) => {
  request.resume();
  response.writeHead(503, { 'Content-Type': problemType, 'Retry-After': '1' });
  response.end(body);
};
