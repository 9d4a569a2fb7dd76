import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Folder of what was built. Run from source (in tests) the built files lie in dist/ beside the sources. */
const built = here.includes(`${join('dist', 'app')}`) ? join(here, '..', '..') : join(here, '..', '..', 'dist');

export const trackerFile = join(built, 'tracker-snippet', 't.js');
export const workerFile = join(built, 'app', 'collector-worker.js');
export const dashboardDir = join(built, 'dashboard');
