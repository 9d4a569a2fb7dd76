import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { WarehouseLogger } from '../logger.ts';
import { removeEndpoint, writeEndpoint } from './endpoint.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { freePort } from './free-port.ts';
import { untilUnused } from './lease.ts';
import { type ChildStart, type ServerAddress, type ServerChild, startChild } from './server-child.ts';
import { removeOtherConfigs, type ServerConfig, writeServerConfig } from './server-config.ts';

const FIRST_RESTART_MS = 50;
const SLOWEST_RESTART_MS = 30_000;
const STEADY_AFTER_MS = 60_000;
const PORT_ATTEMPTS = 5;
/** Longer than most queries take; what takes longer still fails, as the machine's own end would make it. */
const HANDOVER_WITHIN_MS = 60_000;

export interface SupervisorOptions {
  dataDir: string;
  path: string;
  username: string;
  password: string;
  memoryLimitMb: number;
  /** The port to take; a free one when absent. */
  port?: number;
  logger: WarehouseLogger;
}

type NoStart = Extract<ChildStart, { ok: false }>;

export type SupervisorStart = { ok: true; supervisor: Supervisor } | NoStart;

interface StartedServer {
  port: number;
  address: ServerAddress;
  child: ServerChild;
}

/** Keeps one server process running on one data folder: same port and password after every restart. */
export class Supervisor {
  readonly address: ServerAddress;
  readonly #options: SupervisorOptions;
  readonly #port: number;
  readonly #config: ServerConfig;
  readonly #lock: FolderLock;
  readonly #exits = new EventEmitter();
  readonly #stopping = new AbortController();
  #child: ServerChild;
  #watch: Promise<void>;

  private constructor(options: SupervisorOptions, started: StartedServer & { config: ServerConfig; lock: FolderLock }) {
    this.#options = options;
    this.#port = started.port;
    this.#config = started.config;
    this.#lock = started.lock;
    this.address = started.address;
    this.#child = started.child;
    this.#watch = this.#superviseChild();
  }

  /** Starts the server; `locked` means that another process runs one on this folder, or is about to. */
  static async start(options: SupervisorOptions): Promise<SupervisorStart> {
    const lock = await lockFolder(options.path);
    if (lock === undefined) return { ok: false, reason: 'locked', output: '' };
    try {
      return await Supervisor.#startUnder(lock, options);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  static async #startUnder(lock: FolderLock, options: SupervisorOptions): Promise<SupervisorStart> {
    const config = await writeServerConfig(options);
    await removeOtherConfigs(options.path, config.configFile);
    const start = await startOnFreePort(options, config, lock.fd);
    if (start.ok) {
      const supervisor = new Supervisor(options, { ...start, config, lock });
      await supervisor.#publish();
      return { ok: true, supervisor };
    }
    await config.remove();
    await lock.release();
    return start;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Calls back with the pid of every server process that ended without being asked to. */
  onExit(listener: (pid: number) => void): void {
    this.#exits.on('exit', listener);
  }

  /** Ends the server when the queries of the processes that joined it are through. */
  async stop(): Promise<void> {
    if (!this.#stopping.signal.aborted) {
      this.#stopping.abort();
      // Without it nobody joins any more, and who has joined sees that the server is about to end.
      await removeEndpoint(this.#options.dataDir, process.pid);
      await untilUnused(this.#options.path, HANDOVER_WITHIN_MS);
    }
    await this.#watch;
    await this.#child.stop();
    await this.#config.remove();
    await this.#lock.release();
  }

  async #superviseChild(): Promise<void> {
    let pauseMs = FIRST_RESTART_MS;
    const stopped = new Promise<void>((resolve) => {
      this.#stopping.signal.addEventListener('abort', () => resolve());
    });
    while (!this.#stopping.signal.aborted) {
      const startedAt = Date.now();
      const child = this.#child;
      await Promise.race([child.exited, stopped]);
      if (this.#stopping.signal.aborted) {
        return;
      }
      this.#options.logger.warn({ pid: child.pid }, 'the embedded ClickHouse server ended unexpectedly, restarting it');
      this.#exits.emit('exit', child.pid);
      pauseMs = Date.now() - startedAt > STEADY_AFTER_MS ? FIRST_RESTART_MS : pauseMs;
      pauseMs = await this.#restart(pauseMs);
    }
  }

  /** Tries until the server is back or a stop is asked for; answers the next pause to take. */
  async #restart(firstPauseMs: number): Promise<number> {
    let pauseMs = firstPauseMs;
    while (!this.#stopping.signal.aborted) {
      await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, SLOWEST_RESTART_MS);
      const start = await this.#startAgain();
      if (start) {
        break;
      }
    }
    return pauseMs;
  }

  async #startAgain(): Promise<boolean> {
    const { path, logger } = this.#options;
    const start = await startChild({
      ...this.address,
      configFile: this.#config.configFile,
      path,
      port: this.#port,
      lockFd: this.#lock.fd,
    });
    if (!start.ok) {
      logger.error({ reason: start.reason, output: start.output }, 'the embedded ClickHouse server did not start');
      return false;
    }
    this.#child = start.child;
    await this.#publish();
    logger.info({ pid: this.pid }, 'the embedded ClickHouse server is back');
    return true;
  }

  async #publish(): Promise<void> {
    await writeEndpoint(this.#options.dataDir, { ...this.address, pid: this.pid, ownerPid: process.pid });
  }
}

/** A free port may be taken by another program before the server has it; a port that was asked for is tried again. */
async function startOnFreePort(
  { path, username, password, port: asked }: SupervisorOptions,
  { configFile }: ServerConfig,
  lockFd: number,
): Promise<({ ok: true } & StartedServer) | NoStart> {
  let last: NoStart = { ok: false, reason: 'port-taken', output: '' };
  for (let attempt = 0; attempt < PORT_ATTEMPTS && last.reason === 'port-taken'; attempt += 1) {
    const port = asked ?? (await freePort());
    const address = { url: `http://127.0.0.1:${port}`, username, password };
    const start = await startChild({ ...address, configFile, path, port, lockFd });
    if (start.ok) return { ok: true, port, address, child: start.child };
    last = start;
  }
  return last;
}
