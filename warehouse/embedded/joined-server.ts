import { setTimeout as delay } from 'node:timers/promises';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { isProcessAlive } from './process-alive.ts';
import type { EmbeddedServer } from './start-embedded.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

const POLL_MS = 250;

/**
 * The server that another process runs. When that process ends, a server of our own takes its place at the same address
 * and with the same password, so that a product that was started beside a command outlives it.
 */
export class JoinedServer implements EmbeddedServer {
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  readonly #listeners: ((pid: number) => void)[] = [];
  #endpoint: Endpoint;
  #own: Supervisor | undefined;

  constructor(endpoint: Endpoint, options: Omit<SupervisorOptions, 'username' | 'password' | 'port'>) {
    const { username, password, url } = endpoint;
    this.#endpoint = endpoint;
    this.#options = { ...options, username, password, port: Number(new URL(url).port) };
    this.#watching = this.#watch();
  }

  get url(): string {
    return this.#endpoint.url;
  }

  get username(): string {
    return this.#endpoint.username;
  }

  get password(): string {
    return this.#endpoint.password;
  }

  get pid(): number {
    return this.#own?.pid ?? this.#endpoint.pid;
  }

  get owned(): boolean {
    return this.#own !== undefined;
  }

  onExit(listener: (pid: number) => void): void {
    this.#listeners.push(listener);
    this.#own?.onExit(listener);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
    await this.#own?.stop();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && this.#own === undefined) {
      await delay(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted && !(await this.#isServed())) await this.#takeOver();
    }
  }

  async #isServed(): Promise<boolean> {
    const current = await readEndpoint(this.#options.dataDir);
    if (current?.url === this.#endpoint.url && (await isProcessAlive(current.ownerPid))) {
      this.#endpoint = current;
      return true;
    }
    // A server on its way out holds its port and files until it is gone.
    return isProcessAlive(this.#endpoint.pid);
  }

  async #takeOver(): Promise<void> {
    const { logger } = this.#options;
    const start = await Supervisor.start(this.#options);
    if (!start.ok) {
      logger.warn(
        { reason: start.reason },
        'the process that ran ClickHouse has ended; taking its place failed, trying again',
      );
      return;
    }
    this.#own = start.supervisor;
    for (const listener of this.#listeners) start.supervisor.onExit(listener);
    logger.info({ pid: start.supervisor.pid }, 'the process that ran ClickHouse has ended; this one runs it now');
  }
}
