import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive } from './process-alive.ts';

const POLL_MS = 50;
const RENEW_MS = 1_000;
/** One that was not renewed for so long belongs to a process that hangs or is gone. */
const STALE_AFTER_MS = 10_000;

/** `using`: its queries may be on their way. `waiting`: it sends none until a server runs again. */
export type LeaseState = 'using' | 'waiting';

/** What a process that uses the server of another one says of itself: a file in `<path>/joined`, named by its id. */
export class Lease {
  readonly #folder: string;
  readonly #file: string;
  #state: LeaseState = 'using';
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#folder = leasesFolder(path);
    this.#file = join(this.#folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
  }

  /** Says it, and from then on again and again until the end, so that others see that it still holds. */
  async say(state: LeaseState): Promise<void> {
    this.#state = state;
    this.#timer ??= setInterval(() => this.#renew(), RENEW_MS).unref();
    await this.#renew();
  }

  /** Whether this is the one of all living leases whose process is to start the next server: two at once would take each other's for their own. */
  async isFirst(): Promise<boolean> {
    const living = await livingLeases(this.#folder);
    return living[0]?.name === basename(this.#file);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await rm(this.#file, { force: true }).catch(() => undefined);
  }

  #renew(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Where it cannot be written, such as on a full disk, the work goes on: only nobody waits for it. */
  async #write(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(this.#file, this.#state, { mode: 0o600 });
    } catch {}
  }
}

const leasesFolder = (path: string): string => join(path, 'joined');

interface LivingLease {
  readonly name: string;
  readonly state: LeaseState;
}

/** What the living processes that joined the server say, in one order for all of them. The leases of others are removed. */
async function livingLeases(folder: string): Promise<LivingLease[]> {
  const names = await readdir(folder).catch(() => []);
  const leases = await Promise.all(
    names
      .toSorted()
      .map(async (name) => ({ name, state: await readLease(join(folder, name), Number.parseInt(name, 10)) })),
  );
  return leases.filter((lease): lease is LivingLease => lease.state !== undefined);
}

async function readLease(file: string, pid: number): Promise<LeaseState | undefined> {
  const [info, text] = await Promise.all([stat(file), readFile(file, 'utf8')]).catch(() => []);
  if (info === undefined) return undefined;
  if (Date.now() - info.mtimeMs < STALE_AFTER_MS && (await isProcessAlive(pid))) {
    // Half-written it counts as the one that is waited for.
    return text === 'waiting' ? 'waiting' : 'using';
  }
  await rm(file, { force: true }).catch(() => undefined);
  return undefined;
}

/** Whether a living process has joined the server of this folder. */
export async function isJoined(path: string): Promise<boolean> {
  return (await livingLeases(leasesFolder(path))).length > 0;
}

/** Waits until nobody's query needs the server, or the time is over. */
export async function untilUnused(path: string, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  const isUsed = async () => (await livingLeases(leasesFolder(path))).some(({ state }) => state === 'using');
  while (Date.now() < deadline && (await isUsed())) {
    await delay(POLL_MS);
  }
}
