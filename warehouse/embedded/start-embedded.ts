import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger, type WarehouseLogger } from '../logger.ts';
import { WarehouseError } from '../warehouse-error.ts';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import type { Gate } from './gate.ts';
import { JoinedServer } from './joined-server.ts';
import { isJoined } from './lease.ts';
import { isProcessAlive } from './process-alive.ts';
import { answers } from './server-child.ts';
import { defaultMemoryLimitMb } from './server-config.ts';
import { Supervisor, type SupervisorStart } from './supervisor.ts';

const USERNAME = 'throughline';
const LOCK_WAIT_MS = 90_000;
const OWNER_WAIT_MS = 5_000;
const POLL_MS = 100;

export interface EmbeddedOptions {
  /** The installation's data folder; the engine's files go to `<dataDir>/clickhouse`. */
  dataDir: string;
  logger?: WarehouseLogger;
  /** Memory the server may use, MiB. Default: half of the machine's, 2 GiB at most. */
  memoryLimitMb?: number;
}

export interface EmbeddedServer {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Process id of the server; a restart changes it. */
  readonly pid: number;
  /** False while another process runs the server and this one only uses it. */
  readonly owned: boolean;
  /** Where every query goes through while another process runs the server; undefined when it was ours from the start. */
  readonly gate: Gate | undefined;
  /** Ends the server when it is owned; a server of another process stays. */
  stop(): Promise<void>;
  /** Calls back with the process id after each unexpected end of an owned server; it is restarted by itself. */
  onExit(listener: (pid: number) => void): void;
}

/**
 * Starts the embedded ClickHouse of a data folder, or joins the one that another process already runs on it and takes its
 * place when that process ends.
 * The engine's own file lock decides who runs it, so a lock never outlives its process.
 * Throws a WarehouseError that names the folder and shows the engine's last output when it cannot start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  const path = join(dataDir, 'clickhouse');
  await mkdir(path, { recursive: true });
  await chmod(path, 0o700);
  const common = {
    dataDir,
    path,
    memoryLimitMb: options.memoryLimitMb ?? defaultMemoryLimitMb(),
    logger: options.logger ?? silentLogger,
  };
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const running = await findRunning(dataDir);
    const joined = running && (await JoinedServer.join(running, common));
    if (joined) {
      return joined;
    }
    // The server changes hands: whoever has joined it takes it over at the address that all of them know.
    if (Date.now() < deadline && (await isJoined(path))) {
      await delay(POLL_MS);
      continue;
    }
    const password = randomBytes(24).toString('base64url');
    const start = await Supervisor.start({ ...common, username: USERNAME, password });
    if (start.ok) {
      return ownedServer(start.supervisor);
    }
    if (start.reason !== 'locked' || Date.now() > deadline) {
      throw startError(path, start);
    }
    await delay(POLL_MS);
  }
}

/** The server that a living process runs on this folder; a short wait covers its restart. */
async function findRunning(dataDir: string): Promise<Endpoint | undefined> {
  const deadline = Date.now() + OWNER_WAIT_MS;
  for (;;) {
    const endpoint = await readEndpoint(dataDir);
    // A server whose owner is gone is about to end.
    if (!endpoint || !(await isProcessAlive(endpoint.ownerPid))) {
      return undefined;
    }
    if (await answers(endpoint)) {
      return endpoint;
    }
    if (endpoint.ownerPid === process.pid || Date.now() > deadline) {
      return undefined;
    }
    await delay(POLL_MS);
  }
}

function ownedServer(supervisor: Supervisor): EmbeddedServer {
  return {
    ...supervisor.address,
    get pid() {
      return supervisor.pid;
    },
    owned: true,
    gate: undefined,
    stop: () => supervisor.stop(),
    onExit: (listener) => supervisor.onExit(listener),
  };
}

function startError(path: string, start: Extract<SupervisorStart, { ok: false }>): WarehouseError {
  const text =
    start.reason === 'locked'
      ? `Another program holds the database files in ${path}, and its server does not answer. ` +
        'Stop that program, or choose another data folder with --data.'
      : `The embedded ClickHouse server could not start on ${path}. Its last words: ${start.output || '(none)'}. ` +
        `More in ${join(path, 'server.log')}. A server of your own can be used instead: set CLICKHOUSE_URL.`;
  return new WarehouseError(text, { kind: 'unreachable' });
}
