import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../warehouse/embedded/start-embedded.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    clickhouse: { url: string; username: string; password: string };
  }
}

/** One ClickHouse for the whole run; each test file takes databases of its own from it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-test-'));
  const server = await startEmbedded({ dataDir });
  const { url, username, password } = server;
  project.provide('clickhouse', { url, username, password });
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
