#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';
import { onBrokenPipe } from './runtime/broken-pipe.ts';

const pipe = onBrokenPipe(process);
const exitCode = await runCommandLine(process.argv.slice(2), process.env);
if (!pipe.isBroken) process.exitCode = exitCode;
