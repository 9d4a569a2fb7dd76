import { attach } from './extras.ts';
import { attempt } from './safely.ts';
import { throughline } from './stub.ts';

// The second script, which the first one loads, or the page itself.
attempt(() => throughline('more', attach));
