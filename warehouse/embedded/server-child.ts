import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROCESS_FILE = fileURLToPath(new URL('./server-process.mjs', import.meta.url));
const READY_WITHIN_MS = 120_000;
const READY_POLL_MS = 20;
const KEPT_OUTPUT_CHARS = 4_000;
const ORDERLY_WITHIN_MS = 3_000;
const TERM_WITHIN_MS = 3_000;

export interface ServerAddress {
  url: string;
  username: string;
  password: string;
}

export interface ChildOptions extends ServerAddress {
  configFile: string;
  path: string;
  port: number;
  /** Open file that locks the folder. */
  lockFd: number;
}

export type ChildStart =
  | { ok: true; child: ServerChild }
  | { ok: false; reason: 'locked' | 'port-taken' | 'failed'; output: string };

/** One running server process. */
export interface ServerChild {
  pid: number;
  /** Fulfilled when the process is gone. */
  exited: Promise<void>;
  stop(): Promise<void>;
}

async function post(address: ServerAddress, sql: string, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await fetch(address.url, {
      method: 'POST',
      body: sql,
      // An idle kept connection would hold up the server's orderly end for seconds.
      headers: { 'X-ClickHouse-User': address.username, 'X-ClickHouse-Key': address.password, Connection: 'close' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.text();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Whether that server answers and accepts the password. */
export function answers(address: ServerAddress): Promise<boolean> {
  return post(address, 'SELECT 1', 2_000);
}

function collectOutput(process: ChildProcess): () => string {
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT_CHARS);
  };
  process.stdout?.on('data', keep);
  process.stderr?.on('data', keep);
  return () => output;
}

function reasonOf(output: string): 'locked' | 'port-taken' | 'failed' {
  if (/Cannot lock file/.test(output)) {
    return 'locked';
  }
  return /Address already in use|NETWORK_ERROR/.test(output) ? 'port-taken' : 'failed';
}

async function endOf(exited: Promise<void>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  const ended = await Promise.race([exited.then(() => true), late]);
  timer.abort();
  return ended;
}

/** Ends the session's own query, so that the engine closes its tables in order; signals are for one that does not. */
async function stopChild(child: ChildProcess, exited: Promise<void>, address: ServerAddress): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  await post(address, "KILL QUERY WHERE user = '' AND query LIKE 'SELECT sleepEachRow(%' ASYNC", ORDERLY_WITHIN_MS);
  if (await endOf(exited, ORDERLY_WITHIN_MS)) {
    return;
  }
  child.kill('SIGTERM');
  if (!(await endOf(exited, TERM_WITHIN_MS))) {
    child.kill('SIGKILL');
    await exited;
  }
}

/** Starts the server process and waits until it answers or is gone. */
export async function startChild(options: ChildOptions): Promise<ChildStart> {
  const child = spawn(process.execPath, [PROCESS_FILE, options.configFile, options.path, String(options.port)], {
    cwd: options.path,
    // In a group of its own: Ctrl-C is for the parent, which stops the server when its own work is done.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', options.lockFd],
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  });
  const output = collectOutput(child);
  const exited = once(child, 'exit').then(
    () => undefined,
    () => undefined,
  );
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    if (await answers(options)) {
      return { ok: true, child: { pid: child.pid, exited, stop: () => stopChild(child, exited, options) } };
    }
    await endOf(exited, READY_POLL_MS);
  }
  child.kill('SIGKILL');
  await exited;
  return { ok: false, reason: reasonOf(output()), output: output().trim() };
}
