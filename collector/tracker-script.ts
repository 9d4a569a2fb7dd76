import { existsSync } from 'node:fs';
import type { Request, RequestHandler } from 'express';
import { wantedHints } from './collect/client-hints.ts';

const maxAgeMs = 60 * 60 * 1000;

/** Encodings in which the build leaves the script beside itself, the smallest first. */
const compressedAs = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

/**
 * Serves the built tracker to any site, compressed as far as the build did it and the browser takes it. Each form has its own ETag;
 * browsers ask again after an hour.
 */
export function trackerScript(file: string): RequestHandler {
  const forms = compressedAs.filter(({ ending }) => existsSync(file + ending));
  const formFor = (request: Request) => forms.find(({ encoding }) => request.acceptsEncodings(encoding) === encoding);
  return (request, response, next) => {
    const form = formFor(request);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Accept-CH', wantedHints);
    response.vary('Accept-Encoding');
    response.type('text/javascript');
    if (form) response.setHeader('Content-Encoding', form.encoding);
    const options = { maxAge: maxAgeMs, dotfiles: 'allow', acceptRanges: false } as const;
    response.sendFile(file + (form?.ending ?? ''), options, (error) => {
      if (!error || response.headersSent) return;
      response.removeHeader('Content-Encoding');
      next(error);
    });
  };
}

/** Where the second script lies: the first asks for it beside itself. */
export const secondOf = (script: string): string => `${script.replace(/\.js$/, '')}-more.js`;
