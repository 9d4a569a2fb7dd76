import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../app/config/load-config.ts';
import { openInstallation } from '../../../app/runtime/installation.ts';
import { allRoles, type RoleName, type ServeOptions, serve } from '../../../app/runtime/serve.ts';
import { systemClock } from '../../../domain/time.ts';
import type { TokenStore } from '../../../warehouse/token-store.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { emptyWarehouse, testServer } from '../../support/clickhouse.ts';
import { adminToken, plainConfig } from './product.ts';

export interface ServedHere {
  readonly url: string;
  readonly port: number;
  readonly warehouse: Warehouse;
  readonly tokens: TokenStore;
  /** Everything that was logged, as JSON. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

export interface ServeHereOptions extends Partial<Pick<ServeOptions, 'host' | 'timeouts'>> {
  readonly config?: string;
  readonly roles?: readonly RoleName[];
}

/** The whole product in this process, on the ClickHouse of the tests and a folder and database of its own. */
export async function serveHere(options: ServeHereOptions = {}): Promise<ServedHere> {
  const { config: text = plainConfig, roles = allRoles, host = '127.0.0.1', ...rest } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-here-'));
  const { database } = await emptyWarehouse();
  const { url, username, password } = testServer();
  const address = new URL(`/${database}`, url);
  Object.assign(address, { username, password });
  const log: string[] = [];
  const write = (...parts: unknown[]): void => {
    log.push(
      JSON.stringify(parts, (_key, value) => (value instanceof Error ? { ...value, message: value.message } : value)),
    );
  };
  const installation = await openInstallation({
    config: parseConfig(text, 'throughline.config.yaml', {}),
    dataDir,
    env: { CLICKHOUSE_URL: address.href, THROUGHLINE_ADMIN_TOKEN: adminToken },
    clock: systemClock,
    logger: { info: write, warn: write, error: write },
  });
  const served = await serve(installation, { host, port: 0, roles, hasConfigFile: true, ...rest });
  return {
    url: served.url,
    port: served.port,
    warehouse: installation.warehouse,
    tokens: served.tokens,
    log,
    stop: async () => {
      await served.stop();
      await installation.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
