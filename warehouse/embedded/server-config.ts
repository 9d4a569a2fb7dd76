import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 * 1024;
const MAX_DEFAULT_MEMORY_MIB = 2048;
const SHARE_OF_RAM = 0.5;
const MIN_MEMORY_MIB = 512;
const SESSION_MEMORY_MIB = 64;
/** The queries of server-process.mjs. */
const SESSION_QUERIES = 2;
const QUOTA_SECONDS = 1_000_000_000;

export interface ServerConfigOptions {
  /** Folder of the engine's own files. */
  path: string;
  username: string;
  password: string;
  memoryLimitMb: number;
}

/** The files of one server start, in a folder of their own: two starters never write over each other's. */
export interface ServerConfig {
  configFile: string;
  remove(): Promise<void>;
}

/** Half of the machine's memory, and 2 GiB at most, so that a 4 GB machine keeps room for Node and the page cache. */
export function defaultMemoryLimitMb(): number {
  const half = Math.floor((totalmem() * SHARE_OF_RAM) / MIB);
  return Math.max(MIN_MEMORY_MIB, Math.min(MAX_DEFAULT_MEMORY_MIB, half));
}

function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function serverXml(options: ServerConfigOptions, usersFile: string): string {
  const limit = options.memoryLimitMb * MIB;
  return `<clickhouse>
  <users_config>${escapeXml(usersFile)}</users_config>
  <logger><log>${escapeXml(join(options.path, 'server.log'))}</log><size>10M</size><count>3</count><console>0</console></logger>
  <max_server_memory_usage>${limit}</max_server_memory_usage>
  <max_concurrent_queries>100</max_concurrent_queries>
  <mark_cache_size>${Math.floor(limit / 16)}</mark_cache_size>
  <index_mark_cache_size>${Math.floor(limit / 64)}</index_mark_cache_size>
  <primary_index_cache_size>${Math.floor(limit / 16)}</primary_index_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <compiled_expression_cache_size>${Math.floor(limit / 64)}</compiled_expression_cache_size>
  <background_pool_size>${Math.max(2, availableParallelism())}</background_pool_size>
  <background_schedule_pool_size>16</background_schedule_pool_size>
  <background_streaming_schedule_pool_size>16</background_streaming_schedule_pool_size>
  <!-- An insert is on disk when it is acknowledged, as the spool's lines are: then the segment may go. -->
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <max_bytes_to_merge_at_max_space_in_pool>${20 * 1024 * MIB}</max_bytes_to_merge_at_max_space_in_pool>
  </merge_tree>
</clickhouse>
`;
}

/**
 * `default` is the engine's own session, which comes without a password and from loopback. It may start the listener
 * and sleep; those two queries use up its quota, so whoever else calls himself `default` can run no third one (such as
 * stopping the listener). Our user is the only other one.
 */
function usersXml(options: ServerConfigOptions): string {
  const limit = options.memoryLimitMb * MIB;
  const hash = createHash('sha256').update(options.password).digest('hex');
  const loopback = '<networks><ip>::1</ip><ip>127.0.0.1</ip></networks>';
  return `<clickhouse>
  <profiles>
    <default>
      <max_memory_usage>${Math.floor(limit * 0.75)}</max_memory_usage>
      <max_bytes_before_external_group_by>${Math.floor(limit * 0.35)}</max_bytes_before_external_group_by>
      <max_bytes_before_external_sort>${Math.floor(limit * 0.35)}</max_bytes_before_external_sort>
      <max_threads>${availableParallelism()}</max_threads>
    </default>
    <session>
      <max_memory_usage>${SESSION_MEMORY_MIB * MIB}</max_memory_usage>
      <constraints><max_memory_usage><const/></max_memory_usage></constraints>
    </session>
  </profiles>
  <quotas>
    <default/>
    <session><interval><duration>${QUOTA_SECONDS}</duration><queries>${SESSION_QUERIES}</queries></interval></session>
  </quotas>
  <users>
    <default>
      <password></password>
      ${loopback}
      <profile>session</profile>
      <quota>session</quota>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT SELECT ON system.numbers</query></grants>
    </default>
    <${options.username}>
      <password_sha256_hex>${hash}</password_sha256_hex>
      ${loopback}
      <profile>default</profile>
      <quota>default</quota>
      <access_management>1</access_management>
    </${options.username}>
  </users>
</clickhouse>
`;
}

/** Writes the configuration of one start; the files are readable by their owner alone. */
export async function writeServerConfig(options: ServerConfigOptions): Promise<ServerConfig> {
  const folder = join(options.path, 'run', randomBytes(8).toString('hex'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const usersFile = join(folder, 'users.xml');
  const configFile = join(folder, 'config.xml');
  await writeFile(usersFile, usersXml(options), { mode: 0o600 });
  await writeFile(configFile, serverXml(options, usersFile), { mode: 0o600 });
  return {
    configFile,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Removes what earlier starts left behind. Only the holder of the folder's lock may call it. */
export async function removeOtherConfigs(path: string, configFile: string): Promise<void> {
  const run = join(path, 'run');
  for (const name of await readdir(run)) {
    if (!configFile.startsWith(join(run, name))) {
      await rm(join(run, name), { recursive: true, force: true });
    }
  }
}
