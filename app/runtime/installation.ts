import { accessSync, constants, mkdirSync } from 'node:fs';
import { type ContactHasher, contactHasher } from '../../domain/contact.ts';
import type { Clock } from '../../domain/time.ts';
import type { PipelineDeps } from '../../etl/pipeline.ts';
import type { ConfiguredSource, PullDeps } from '../../etl/pull.ts';
import { systemSleep } from '../../etl/sleep.ts';
import { sources as sourceDefinitions } from '../../etl/sources/index.ts';
import { migrate } from '../../warehouse/migrate.ts';
import { type OpenedWarehouse, openWarehouse } from '../../warehouse/open.ts';
import type { Env } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { DataFolderError } from './data-folder-error.ts';
import type { Logger } from './logger.ts';
import { projectSecret } from './secret.ts';
import { stageRules } from './stage-rules.ts';

export interface InstallationOptions {
  readonly config: Config;
  readonly dataDir: string;
  readonly env: Env;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One shop's installation with its database open: what every command and every role works on. */
export interface Installation extends InstallationOptions {
  readonly warehouse: OpenedWarehouse['warehouse'];
  readonly mode: OpenedWarehouse['mode'];
  /** Key of the hashes of contacts. */
  readonly secret: string;
  readonly hasher: ContactHasher;
  readonly sources: readonly ConfiguredSource[];
  pipeline(signal?: AbortSignal): PipelineDeps;
  pull(signal?: AbortSignal): PullDeps;
  stop(): Promise<void>;
}

/** Opens the database and brings its schema up to date. Throws WarehouseError, DataFolderError. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { dataDir } = options;
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new DataFolderError(
      `The data folder ${dataDir} cannot be used (${code}): choose another with --data or THROUGHLINE_DATA, or mend its rights.`,
    );
  }
  return open(options);
}

async function open(options: InstallationOptions): Promise<Installation> {
  const { config, dataDir, env, clock, logger } = options;
  const secret = await projectSecret(dataDir, config.secret);
  const opened = await openWarehouse({ dataDir, env, logger });
  await migrateOrStop(opened);
  const runs = (signal?: AbortSignal) => ({
    warehouse: opened.warehouse,
    project: config.project,
    dataDir,
    clock,
    sleep: systemSleep,
    log: logger,
    ...(signal ? { signal } : {}),
  });
  return {
    ...options,
    warehouse: opened.warehouse,
    mode: opened.mode,
    secret,
    hasher: contactHasher(secret),
    sources: configuredSources(config),
    pipeline: (signal) => ({ ...runs(signal), rules: stageRules(config) }),
    pull: (signal) => ({
      ...runs(signal),
      timezone: config.timezone,
      currency: config.currency,
      hasher: contactHasher(secret),
      storeContacts: config.store_contacts,
      random: Math.random,
    }),
    stop: () => opened.stop(),
  };
}

async function migrateOrStop(opened: OpenedWarehouse): Promise<void> {
  try {
    await migrate(opened.warehouse);
  } catch (error) {
    await opened.stop();
    throw error;
  }
}

function configuredSources(config: Config): ConfiguredSource[] {
  return config.sources.flatMap(({ id, type, schedule, settings }) => {
    const definition = sourceDefinitions.find((known) => known.type === type);
    return definition === undefined
      ? []
      : [{ id, definition, settings, ...(schedule === undefined ? {} : { schedule }) }];
  });
}
