import { attach } from './extras.ts';
import { throughline } from './stub.ts';

// The second script, which the first one loads, or the page itself.
throughline('more', attach);
