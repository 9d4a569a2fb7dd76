import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactHasher } from '../../domain/contact.ts';
import { toInstant } from '../../domain/time.ts';
import type { Logger } from '../../etl/logger.ts';
import { type ConfiguredSource, type PullDeps, type PullOptions, type PullResult, pullSource } from '../../etl/pull.ts';
import { sources } from '../../etl/sources/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { FakeTime } from './fake-time.ts';

export interface StoredVersion {
  readonly entity: string;
  readonly record_id: string;
  readonly deleted: boolean;
  readonly record: string;
  readonly payload: string;
  readonly version_at: string;
  readonly batch: string;
}

/** One project that pulls sources: a fake clock, a log that can be read, and a look into what is stored. */
export class PullWorld {
  readonly time: FakeTime;
  readonly project: string;
  readonly logged: string[] = [];
  readonly #warehouse: Warehouse;
  readonly #dataDir: string;

  private constructor(warehouse: Warehouse, project: string, now: string, dataDir: string) {
    this.#warehouse = warehouse;
    this.project = project;
    this.time = new FakeTime(now);
    this.#dataDir = dataDir;
  }

  static async create(warehouse: Warehouse, project: string, now: string): Promise<PullWorld> {
    return new PullWorld(warehouse, project, now, await mkdtemp(join(tmpdir(), 'throughline-pull-')));
  }

  /** Another project that holds what this one holds, at the same moment: it need not be read in again. */
  async copy(project: string): Promise<PullWorld> {
    const tables = ['raw_records', 'raw_batches', 'rejected', 'cursors', 'etl_runs'];
    const names = { project: this.project, copy: project };
    const copyTable = (table: string) =>
      this.#warehouse.command(
        `INSERT INTO ${table} SELECT * REPLACE ({copy:String} AS project) FROM ${table} WHERE ${table}.project = {project:String}`,
        names,
      );
    await Promise.all(tables.map(copyTable));
    return PullWorld.create(this.#warehouse, project, toInstant(this.time.now()));
  }

  close(): Promise<void> {
    return rm(this.#dataDir, { recursive: true });
  }

  deps(more: Partial<PullDeps> = {}): PullDeps {
    const keep = (fields: object, message: string): void => {
      this.logged.push(`${message} ${JSON.stringify(fields)}`);
    };
    const log: Logger = { info: keep, warn: keep, error: keep };
    return {
      warehouse: this.#warehouse,
      project: this.project,
      timezone: 'Europe/Moscow',
      currency: 'RUB',
      hasher: contactHasher('test secret'),
      storeContacts: false,
      dataDir: this.#dataDir,
      clock: this.time,
      sleep: this.time.sleep,
      random: () => 0.5,
      log,
      ...more,
    };
  }

  pull(
    source: ConfiguredSource,
    more: Partial<PullDeps> = {},
    options: Partial<PullOptions> = {},
  ): Promise<PullResult> {
    return pullSource(this.deps(more), source, { trigger: 'command', ...options });
  }

  /** Every version stored, in the order of its arrival. */
  versions(entity?: string): Promise<StoredVersion[]> {
    return this.#warehouse.query<StoredVersion>(
      `SELECT entity, record_id, deleted, record, payload, version_at, batch FROM raw_records
       WHERE project = {project:String} AND ({entity:String} = '' OR entity = {entity:String})
       ORDER BY entity, length(record_id), record_id, version_at, fetched_at`,
      { project: this.project, entity: entity ?? '' },
    );
  }

  /** The newest version of each record that is not deleted. */
  async alive(entity?: string): Promise<StoredVersion[]> {
    const newest = new Map<string, StoredVersion>();
    for (const version of await this.versions(entity)) newest.set(`${version.entity} ${version.record_id}`, version);
    return [...newest.values()].filter((version) => !version.deleted);
  }

  rows<Row>(sql: string): Promise<Row[]> {
    return this.#warehouse.query<Row>(sql, { project: this.project });
  }
}

/** A source as the configuration file would make it; a mistake in the settings fails the test. */
export function configured(type: string, settings: Readonly<Record<string, unknown>>): ConfiguredSource {
  const definition = sources.find((source) => source.type === type);
  if (definition === undefined) throw new Error(`there is no source ${type}`);
  return { id: 'src', definition, settings: definition.settings.parse(settings) };
}

/** The same source with these of its streams alone. */
export function onlyStreams(source: ConfiguredSource, ...names: readonly string[]): ConfiguredSource {
  const streams = source.definition.streams.filter(({ name }) => names.includes(name));
  if (streams.length < names.length) throw new Error(`there are no streams ${names.join(', ')} in ${source.id}`);
  return { ...source, definition: { ...source.definition, streams } };
}
