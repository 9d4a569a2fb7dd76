import { join, resolve } from 'node:path';
import { systemClock } from '../domain/time.ts';
import { type Env, type LoadedConfig, loadConfig } from './config/load-config.ts';
import { type Installation, openInstallation } from './runtime/installation.ts';
import { createLogger } from './runtime/logger.ts';
import { defaultSiteKey } from './runtime/secret.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly port?: number | undefined;
}

export interface Settings extends LoadedConfig {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly env: Env;
}

export const defaultPort = 8090;

/** What the command line, the environment and the configuration file say together; the command line wins. */
export function readSettings(options: CommonOptions, env: Env): Settings {
  const asked = options.config ?? env['THROUGHLINE_CONFIG'];
  const loaded = loadConfig(asked ?? 'throughline.config.yaml', asked !== undefined, env);
  return {
    ...loaded,
    dataDir: resolve(options.data ?? env['THROUGHLINE_DATA'] ?? join('.', 'data')),
    host: env['HOST'] ?? '127.0.0.1',
    port: options.port ?? (env['PORT'] === undefined ? defaultPort : Number(env['PORT'])),
    logLevel: env['LOG_LEVEL'] ?? 'warn',
    env,
  };
}

/** Opens the installation for a command and closes it after, whatever happens. */
export async function withInstallation<T>(
  settings: Settings,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation({
    ...settings,
    clock: systemClock,
    logger: createLogger(settings.logLevel),
  });
  try {
    return await work(installation);
  } finally {
    await installation.stop();
  }
}

export const siteKeyOf = (settings: Settings): string =>
  settings.config.sites[0]?.key ?? defaultSiteKey(settings.dataDir);
