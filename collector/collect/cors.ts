import type { IncomingMessage, ServerResponse } from 'node:http';

/** Lets the page read the answer. Credentials: the visitor's cookie travels with the request. */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
}

/** Answers a preflight; without the headers the browser does not send the request. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, isAllowed: boolean): void {
  const { origin } = request.headers;
  if (origin !== undefined && isAllowed) {
    allowOrigin(response, origin);
    response.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS');
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
    response.setHeader('Access-Control-Max-Age', '86400');
  }
  response.writeHead(204, { Vary: 'Origin' });
  response.end();
}
