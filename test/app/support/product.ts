import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectWarehouse } from '../../../warehouse/client.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { waitFor } from './wait-for.ts';

const entry = join(import.meta.dirname, '..', '..', '..', 'dist', 'app', 'throughline.js');

export const adminToken = 'tl_admin-token-of-the-tests';

/** Every page of shop.example may send; nothing is read by schedule. */
export const plainConfig = `project: shop
secret: a secret that only tests know
sites:
  - { key: demo, domains: [shop.example], origins: ["https://shop.example"] }
`;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

/** The built product on a folder of its own: its commands are processes. */
export class Product {
  readonly dir: string;
  readonly #children = new Set<ChildProcess>();

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async create(config: string | undefined = plainConfig): Promise<Product> {
    const product = new Product(await mkdtemp(join(tmpdir(), 'throughline-product-')));
    if (config !== '') await product.write('throughline.config.yaml', config);
    return product;
  }

  get dataDir(): string {
    return join(this.dir, 'data');
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.dir, name);
    await writeFile(path, content);
    return path;
  }

  /** One command, to its end. */
  async run(args: readonly string[], env: Env = {}): Promise<Finished> {
    const { child, output } = this.#spawn(args, env);
    await once(child, 'close');
    return { code: child.exitCode, ...output };
  }

  /** `up`, as soon as it says that it is. Rejects when it ends before. */
  up(args: readonly string[] = [], env: Env = {}): Promise<Up> {
    return this.start('up', args, env);
  }

  /** The same for one role alone. */
  async start(role: 'up' | 'collector' | 'etl' | 'reports', args: readonly string[] = [], env: Env = {}): Promise<Up> {
    const { child, output } = this.#spawn([role, ...(args.includes('--port') ? [] : ['--port', '0']), ...args], env);
    const closed = once(child, 'close');
    await waitFor('the product to be up', async () => {
      if (child.exitCode !== null) throw new Error(`up ended with ${child.exitCode}: ${output.stderr}`);
      return /is up at \S+[\s\S]*Ctrl-C/.test(output.stdout);
    });
    const url = /is up at (\S+)/.exec(output.stdout)?.[1] ?? '';
    const end = async (signal: NodeJS.Signals): Promise<number | null> => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await closed;
      return child.exitCode;
    };
    return {
      url,
      pid: child.pid ?? 0,
      output,
      end,
      get isRunning() {
        return child.exitCode === null && child.signalCode === null;
      },
    };
  }

  #spawn(args: readonly string[], env: Env) {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: this.dir,
      env: { PATH: process.env['PATH'], THROUGHLINE_ADMIN_TOKEN: adminToken, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    return { child, output };
  }

  /** Process id of the embedded ClickHouse; undefined when none runs. */
  async clickhousePid(): Promise<number | undefined> {
    const endpoint = await this.#endpoint();
    return endpoint?.pid;
  }

  /** The database of the running product. The caller closes it. */
  async warehouse(): Promise<Warehouse> {
    const endpoint = await this.#endpoint();
    if (endpoint === undefined) throw new Error('no embedded server runs');
    const { url, username, password } = endpoint;
    return connectWarehouse({ url, username, password, database: 'throughline' });
  }

  async #endpoint(): Promise<{ url: string; username: string; password: string; pid: number } | undefined> {
    const text = await readFile(join(this.dataDir, 'endpoint.json'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Ends what still runs and removes the folder. */
  async remove(): Promise<void> {
    const pid = await this.clickhousePid();
    for (const child of this.#children) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    // A killed owner's server ends by itself; it may write until then.
    if (pid !== undefined) await waitFor('the database to end', async () => !(await isAlive(pid)));
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** A running `up`. */
export interface Up {
  readonly url: string;
  readonly pid: number;
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly isRunning: boolean;
  /** Sends a signal and waits for the end; the answer is the exit code, null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** The processes that take events for it. */
export async function workersOf({ pid }: Pick<Up, 'pid'>): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const workers: number[] = [];
  for (const child of children.trim().split(' ').map(Number)) {
    const line = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('collector-worker')) workers.push(child);
  }
  return workers;
}

export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/^\d+ \(.*\) [ZX] /s.test(stat);
}
