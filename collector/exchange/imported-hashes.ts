import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from '../write-durably.ts';

const maxNames = 1000;
const entriesSchema = z.array(z.tuple([z.string(), z.string()]));

/** Remembers what was last imported under each name: 1C sends whole files again and again. */
export interface ImportedHashes {
  isKnown(name: string, hash: string): Promise<boolean>;
  remember(name: string, hash: string): Promise<void>;
}

export function openImportedHashes(file: string): ImportedHashes {
  let entries: Promise<Map<string, string>> | undefined;
  const load = (): Promise<Map<string, string>> => {
    entries ??= readEntries(file);
    return entries;
  };
  return {
    // Only the newest content of a name counts: an older one that comes back is a change.
    isKnown: async (name, hash) => (await load()).get(name) === hash,
    remember: async (name, hash) => {
      const known = await load();
      known.delete(name);
      known.set(name, hash);
      await writeDurably(file, JSON.stringify([...known].slice(-maxNames)));
    },
  };
}

async function readEntries(file: string): Promise<Map<string, string>> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  try {
    return new Map(entriesSchema.parse(JSON.parse(text)));
  } catch {
    return new Map();
  }
}

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
