import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../warehouse/embedded/start-embedded.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    clickhouse: { url: string; username: string; password: string };
  }
}

const memoryFolder = '/dev/shm';
const enoughBytes = 4 * 1024 ** 3;

/** In memory where there is room: nothing that these tests show depends on a disk, and each of their many small inserts would wait for it. */
async function folderForData(): Promise<string> {
  const memory = await statfs(memoryFolder).catch(() => undefined);
  const freeBytes = memory === undefined ? 0 : memory.bavail * memory.bsize;
  return freeBytes >= enoughBytes ? memoryFolder : tmpdir();
}

/** One ClickHouse for the whole run; each test file takes databases of its own from it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(await folderForData(), 'throughline-test-'));
  const server = await startEmbedded({ dataDir });
  const { url, username, password } = server;
  project.provide('clickhouse', { url, username, password });
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
