// Starts an embedded server the way any program does, says so on standard output, and stays until it is killed.
// node owner-process.mjs SERVER_PROCESS CONFIG PATH PORT
import { spawn } from 'node:child_process';

const server = spawn(process.execPath, process.argv.slice(2), {
  detached: true,
  stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
});
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 60_000);
