import type { RequestHandler } from 'express';
import { wantedHints } from './collect/client-hints.ts';

const maxAgeMs = 60 * 60 * 1000;

/** Serves the built tracker to any site, with an ETag; browsers ask again after an hour. */
export function trackerScript(file: string): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Accept-CH', wantedHints);
    response.type('text/javascript');
    response.sendFile(file, { maxAge: maxAgeMs, dotfiles: 'allow', acceptRanges: false }, (error) => {
      if (error && !response.headersSent) next(error);
    });
  };
}
