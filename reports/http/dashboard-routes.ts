import { join } from 'node:path';
import { type RequestHandler, Router } from 'express';
import { allowMethods } from './allow-methods.ts';

/** Path of each part of the page → its file. Named one by one: nothing else in the folder can be asked for. */
const files: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/dashboard.js': 'dashboard.js',
  '/dashboard.css': 'dashboard.css',
};

/**
 * The dashboard out of the folder it was built into. Its names carry no version, so browsers always ask whether they changed.
 * `headers` go on these answers alone, not on whatever else is mounted at `/`.
 */
export function dashboardRoutes(dashboardDir: string, headers: RequestHandler): Router {
  const router = Router();
  for (const [path, file] of Object.entries(files)) {
    router.all(path, allowMethods('GET', 'HEAD'));
    router.get(path, headers, (_request, response, next) => {
      response.sendFile(join(dashboardDir, file), { maxAge: 0, dotfiles: 'allow', acceptRanges: false }, (error) => {
        if (error !== undefined && !response.headersSent) next();
      });
    });
  }
  return router;
}
