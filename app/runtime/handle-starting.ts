import type { Handle } from './http-server.ts';

const body = JSON.stringify({
  type: 'about:blank',
  title: 'Not available now',
  status: 503,
  detail: 'Throughline is starting; send again in a second.',
});

/** Answers what comes between the opening of the port and the start of the roles. */
export const handleStarting: Handle = (request, response) => {
  request.resume();
  response.writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '1' });
  response.end(body);
};
