import { setTimeout as delay } from 'node:timers/promises';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { Gate } from './gate.ts';
import { Lease } from './lease.ts';
import { isProcessAlive } from './process-alive.ts';
import type { EmbeddedServer } from './start-embedded.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

const POLL_MS = 250;

type JoinOptions = Omit<SupervisorOptions, 'username' | 'password' | 'port'>;

/**
 * The server that another process runs. When that process ends, a server of our own takes its place at the same address
 * and with the same password, so that a product that was started beside a command outlives it. The other process waits
 * with its end until our queries are through (the lease says so); those that come meanwhile wait for the new server (at the gate).
 */
export class JoinedServer implements EmbeddedServer {
  readonly gate = new Gate();
  readonly #lease: Lease;
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  readonly #listeners: ((pid: number) => void)[] = [];
  #endpoint: Endpoint;
  #own: Supervisor | undefined;

  private constructor(endpoint: Endpoint, lease: Lease, options: JoinOptions) {
    const { username, password, url } = endpoint;
    this.#endpoint = endpoint;
    this.#lease = lease;
    this.#options = { ...options, username, password, port: Number(new URL(url).port) };
    this.#watching = this.#watch();
  }

  /** Undefined when the server is about to end. */
  static async join(endpoint: Endpoint, options: JoinOptions): Promise<JoinedServer | undefined> {
    const lease = new Lease(options.path);
    await lease.say('using');
    // An owner that still tells its endpoint now will find the lease before it ends.
    const current = await readEndpoint(options.dataDir);
    if (current?.ownerPid === endpoint.ownerPid && current.url === endpoint.url) {
      return new JoinedServer(current, lease, options);
    }
    await lease.end();
    return undefined;
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
    await this.#lease.end();
    await this.#own?.stop();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && this.#own === undefined) {
      await delay(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      if (await this.#isServed()) await this.#use();
      else await this.#changeHands();
    }
  }

  async #isServed(): Promise<boolean> {
    const current = await readEndpoint(this.#options.dataDir);
    if (current?.url !== this.#endpoint.url || !(await isProcessAlive(current.ownerPid))) return false;
    this.#endpoint = current;
    return true;
  }

  async #use(): Promise<void> {
    await this.#lease.say('using');
    // The owner may have begun to end before it could see the lease.
    if (await this.#isServed()) this.gate.open();
  }

  async #changeHands(): Promise<void> {
    this.gate.close();
    await this.#lease.say(this.gate.isIdle ? 'waiting' : 'using');
    // A server on its way out holds its port and files until it is gone.
    if (!(await isProcessAlive(this.#endpoint.pid)) && (await this.#lease.isFirst())) await this.#takeOver();
  }

  async #takeOver(): Promise<void> {
    const { logger } = this.#options;
    const start = await Supervisor.start(this.#options);
    if (!start.ok) {
      const problem = 'the process that ran ClickHouse has ended; taking its place failed, trying again';
      // The lock goes a moment after the server, or somebody else was faster.
      if (start.reason === 'locked') logger.info({ reason: start.reason }, problem);
      else logger.warn({ reason: start.reason }, problem);
      return;
    }
    this.#own = start.supervisor;
    this.gate.settle();
    await this.#lease.end();
    for (const listener of this.#listeners) start.supervisor.onExit(listener);
    logger.info({ pid: start.supervisor.pid }, 'the process that ran ClickHouse has ended; this one runs it now');
  }
}
