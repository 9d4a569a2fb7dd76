import { connectWarehouse } from './client.ts';
import type { Gate } from './embedded/gate.ts';
import { startEmbedded } from './embedded/start-embedded.ts';
import type { WarehouseLogger } from './logger.ts';
import { quoteIdentifier } from './quote.ts';
import type { Warehouse } from './warehouse.ts';
import { WarehouseError } from './warehouse-error.ts';

const DEFAULT_DATABASE = 'throughline';

export interface OpenOptions {
  /** Data folder of the installation; used by the embedded server alone. */
  dataDir: string;
  env: Readonly<Record<string, string | undefined>>;
  logger?: WarehouseLogger;
}

export interface OpenedWarehouse {
  warehouse: Warehouse;
  mode: 'embedded' | 'external';
  /** Closes the connection, and ends the embedded server when this process runs it. */
  stop(): Promise<void>;
}

interface Server {
  url: string;
  username: string;
  password: string;
  isEmbedded?: boolean;
  gate?: Gate | undefined;
}

/**
 * Opens the database: the server of `CLICKHOUSE_URL` (`http://user:password@host:8123/database`) when it is set, else
 * the embedded one of the data folder. Creates the database when it is missing; does not migrate it.
 * Throws WarehouseError when the server does not answer, refuses or cannot start, or when the URL is wrong.
 */
export async function openWarehouse(options: OpenOptions): Promise<OpenedWarehouse> {
  const url = options.env.CLICKHOUSE_URL;
  return url === undefined || url === '' ? openEmbedded(options) : openExternal(url);
}

async function openExternal(text: string): Promise<OpenedWarehouse> {
  const { server, database } = parseClickHouseUrl(text);
  await createDatabase(server, database, '');
  const warehouse = connectWarehouse({ ...server, database });
  return { warehouse, mode: 'external', stop: () => warehouse.close() };
}

async function openEmbedded(options: OpenOptions): Promise<OpenedWarehouse> {
  const server = await startEmbedded({
    dataDir: options.dataDir,
    ...(options.logger === undefined ? {} : { logger: options.logger }),
  });
  const { url, username, password, gate } = server;
  const address = { url, username, password, gate, isEmbedded: true };
  try {
    await createDatabase(address, DEFAULT_DATABASE, 'ENGINE = Atomic');
  } catch (error) {
    await server.stop();
    throw error;
  }
  const warehouse = connectWarehouse({ ...address, database: DEFAULT_DATABASE });
  const stop = async () => {
    // The server's orderly end waits for open connections.
    await warehouse.close();
    await server.stop();
  };
  return { warehouse, mode: 'embedded', stop };
}

/** Looks before it creates: a user of a shared server often may not create databases. */
async function createDatabase(server: Server, database: string, engine: string): Promise<void> {
  const system = connectWarehouse({ ...server, database: 'system' });
  try {
    const found = await system.query('SELECT 1 FROM system.databases WHERE name = {name:String}', { name: database });
    if (found.length === 0) {
      await system.command(`CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)} ${engine}`);
    }
  } finally {
    await system.close();
  }
}

/** Splits the address of a server into its parts. The error does not repeat the text, which may hold a password. */
export function parseClickHouseUrl(address: string): { server: Server; database: string } {
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    const text = 'CLICKHOUSE_URL is not an address such as http://user:password@host:8123/throughline.';
    throw new WarehouseError(text, { kind: 'unreachable' });
  }
  const username = decodeURIComponent(parsed.username) || 'default';
  const password = decodeURIComponent(parsed.password);
  const database = decodeURIComponent(parsed.pathname.slice(1)) || DEFAULT_DATABASE;
  return { server: { url: parsed.origin, username, password }, database };
}
