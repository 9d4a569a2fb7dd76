import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const endpointSchema = z.object({
  url: z.url(),
  username: z.string().min(1),
  password: z.string().min(1),
  pid: z.int().positive(),
  ownerPid: z.int().positive(),
});

/** How to reach the embedded server of a data folder. `pid` is the server's, `ownerPid` its supervisor's. */
export type Endpoint = z.infer<typeof endpointSchema>;

function endpointFile(dataDir: string): string {
  return join(dataDir, 'endpoint.json');
}

/** The endpoint written last, or undefined when there is none that can be read. */
export async function readEndpoint(dataDir: string): Promise<Endpoint | undefined> {
  try {
    const parsed = endpointSchema.safeParse(JSON.parse(await readFile(endpointFile(dataDir), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the endpoint beside and renames it, so that a reader never sees half of it, nor a readable password. */
export async function writeEndpoint(dataDir: string, endpoint: Endpoint): Promise<void> {
  const draft = `${endpointFile(dataDir)}.${process.pid}`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(endpoint, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, endpointFile(dataDir));
}

/** Removes the endpoint when it is still the one of this owner. */
export async function removeEndpoint(dataDir: string, ownerPid: number): Promise<void> {
  const endpoint = await readEndpoint(dataDir);
  if (endpoint?.ownerPid === ownerPid) {
    await rm(endpointFile(dataDir), { force: true });
  }
}
