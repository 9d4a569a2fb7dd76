import { join, resolve } from 'node:path';
import { systemClock } from '../domain/time.ts';
import { ConfigError, type Env, type LoadedConfig, loadConfig } from './config/load-config.ts';
import { parsePort } from './options.ts';
import { type Installation, openInstallation } from './runtime/installation.ts';
import { createLogger, logLevels } from './runtime/logger.ts';
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
const leastTokenChars = 16;

/** What the command line, the environment and the configuration file say together; the command line wins. Throws ConfigError. */
export function readSettings(options: CommonOptions, env: Env): Settings {
  const fromEnv = (name: string): string | undefined => env[name] || undefined;
  const asked = options.config ?? fromEnv('THROUGHLINE_CONFIG');
  checkAdminToken(fromEnv('THROUGHLINE_ADMIN_TOKEN'));
  const loaded = loadConfig(asked ?? 'throughline.config.yaml', asked !== undefined, env);
  return {
    ...loaded,
    dataDir: resolve(options.data ?? fromEnv('THROUGHLINE_DATA') ?? join('.', 'data')),
    host: fromEnv('HOST') ?? '127.0.0.1',
    port: options.port ?? portOf(fromEnv('PORT')),
    logLevel: logLevelOf(fromEnv('LOG_LEVEL')),
    env,
  };
}

function portOf(text: string | undefined): number {
  const port = text === undefined ? defaultPort : parsePort(text);
  if (port !== undefined) return port;
  throw new ConfigError(`The environment variable PORT is "${text}": expected a port from 0 to 65535.`);
}

/** It opens everything: one that can be guessed, or that no header can carry, is refused. Its text is not repeated. */
function checkAdminToken(token: string | undefined): void {
  if (token === undefined || (token.length >= leastTokenChars && /^[!-~]+$/.test(token))) return;
  throw new ConfigError(
    `The environment variable THROUGHLINE_ADMIN_TOKEN is no safe token: give at least ${leastTokenChars} Latin letters, digits and signs without blanks, such as "openssl rand -hex 32" prints, or leave it out.`,
  );
}

function logLevelOf(text = 'warn'): string {
  if (logLevels.includes(text)) return text;
  throw new ConfigError(`The environment variable LOG_LEVEL is "${text}": expected one of ${logLevels.join(', ')}.`);
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

export const siteKeyOf = async (settings: Settings): Promise<string> =>
  settings.config.sites[0]?.key ?? defaultSiteKey(settings.dataDir);
