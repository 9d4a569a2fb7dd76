import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../domain/time.ts';
import { writeDurably } from '../write-durably.ts';

const keptMs = 24 * 60 * 60 * 1000;
const maxEntries = 10_000;
const pruneEvery = 1000;

const entrySchema = z.object({ bodyHash: z.string(), accepted: z.number(), savedAtMs: z.number() });
type Entry = z.output<typeof entrySchema>;

export type Found =
  | { readonly kind: 'new' }
  | { readonly kind: 'same'; readonly accepted: number }
  | { readonly kind: 'other' };

/** Remembers for 24 hours which request an Idempotency-Key came with: one file for each key, so that it outlives a restart. */
export interface IdempotencyStore {
  find(key: string, bodyHash: string): Promise<Found>;
  save(key: string, bodyHash: string, accepted: number): Promise<void>;
  /** Runs one at a time for each key: a retry that overtakes its first attempt waits for it. */
  inTurn<Value>(key: string, run: () => Promise<Value>): Promise<Value>;
}

export function createIdempotencyStore(folder: string, clock: Clock): IdempotencyStore {
  const turns = new Map<string, Promise<unknown>>();
  const fileOf = (key: string): string => join(folder, createHash('sha256').update(key).digest('hex'));
  let saves = 0;
  return {
    find: async (key, bodyHash) => {
      const entry = await readEntry(fileOf(key));
      if (!entry || clock.now() - entry.savedAtMs > keptMs) return { kind: 'new' };
      return entry.bodyHash === bodyHash ? { kind: 'same', accepted: entry.accepted } : { kind: 'other' };
    },
    save: async (key, bodyHash, accepted) => {
      await mkdir(folder, { recursive: true });
      if (saves++ % pruneEvery === 0) await prune(folder, clock.now());
      const entry: Entry = { bodyHash, accepted, savedAtMs: clock.now() };
      await writeDurably(fileOf(key), JSON.stringify(entry));
    },
    inTurn: async (key, run) => {
      const turn = (turns.get(key) ?? Promise.resolve()).then(run, run);
      const settled = turn.catch(() => undefined);
      turns.set(key, settled);
      try {
        return await turn;
      } finally {
        if (turns.get(key) === settled) turns.delete(key);
      }
    },
  };
}

async function readEntry(file: string): Promise<Entry | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return entrySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Removes what has expired, and the oldest beyond the greatest number. */
async function prune(folder: string, nowMs: number): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(names.map(async (name) => ({ name, savedAtMs: await savedAt(join(folder, name)) })));
  files.sort((a, b) => b.savedAtMs - a.savedAtMs);
  const isOver = ({ savedAtMs }: { savedAtMs: number }, index: number) =>
    index >= maxEntries || nowMs - savedAtMs > keptMs;
  for (const { name } of files.filter(isOver)) await unlink(join(folder, name)).catch(() => undefined);
}

const savedAt = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
