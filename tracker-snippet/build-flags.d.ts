/** Set by the build: whether the script carries what not every shop needs (see docs/tracker.md, t-full.js). */
declare const FULL: boolean;
