#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';
import { onBrokenPipe } from './runtime/broken-pipe.ts';

// Whatever is kept holds hashes of contacts, orders and addresses of pages: for the owner's eyes alone, also in the processes that this one starts.
process.umask(0o077);
const pipe = onBrokenPipe(process);
const exitCode = await runCommandLine(process.argv.slice(2), process.env);
if (!pipe.isBroken) process.exitCode = exitCode;
