import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { failed, ok, type Result } from '../../domain/result.ts';
import { writeDurably } from '../write-durably.ts';

const digits = z.string().regex(/^\d{1,15}$/);

const stateSchema = z.object({
  /** The last lease of each number. */
  leases: z.array(
    z.object({
      pool: z.string(),
      number: digits,
      visit: z.string(),
      visitor: z.string(),
      fromMs: z.int(),
      untilMs: z.int(),
      version: z.int(),
    }),
  ),
  /** Visits that a pool had no number for, by pool and by the beginning of the hour in milliseconds. */
  shortages: z.record(z.string(), z.record(z.string().regex(/^\d+$/), z.int())),
});

/** What a process of call tracking leaves to the next one. */
export type LeaseState = z.output<typeof stateSchema>;

export const noLeases: LeaseState = { leases: [], shortages: {} };

/** A missing file holds none. */
async function readLeaseFile(path: string): Promise<Result<LeaseState, 'unreadable' | 'spoilt'>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOENT' ? ok(noLeases) : failed('unreadable', path, code);
  }
  try {
    return ok(stateSchema.parse(JSON.parse(text)));
  } catch {
    return failed('spoilt', path, 'it holds no leases of numbers');
  }
}

/** Where leases are kept from one process to the next; injected, so that tests can let a process die at any point. */
export interface LeaseStore {
  /** Its name in messages. */
  readonly path: string;
  read(): Promise<Result<LeaseState, 'unreadable' | 'spoilt'>>;
  /** On disk when it resolves. */
  write(state: LeaseState): Promise<void>;
}

/** Name of the file in the data folder. */
export const leasesName = 'number-leases.json';

export const leaseFile = (path: string): LeaseStore => ({
  path,
  read: () => readLeaseFile(path),
  write: (state) => writeDurably(path, JSON.stringify(state)),
});
