import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { describeError } from './describe-error.ts';
import { connectedKysely } from './dialect/connected-kysely.ts';
import type { Gate } from './embedded/gate.ts';
import { jsonLine } from './json-line.ts';
import { quoteIdentifier, wellFormed } from './quote.ts';
import type { Params, ParamValue, QueryOptions, StreamFormat, Warehouse } from './warehouse.ts';

const DEFAULT_TIMEOUT_MS = 15 * 60_000;
const DEFAULT_MAX_CONNECTIONS = 16;
const ROWS_PER_CHUNK = 500;

export interface ConnectOptions {
  /** Address of the HTTP interface, without user and password. */
  url: string;
  username: string;
  password: string;
  database: string;
  /** Longest time of one query when it does not say, ms. Default: 15 minutes. */
  timeoutMs?: number;
  maxConnections?: number;
  /** The server is the embedded one of the data folder. */
  isEmbedded?: boolean;
  /** Where every query goes through when another process runs the embedded server. */
  gate?: Gate | undefined;
}

/** What every query relies on, so that the embedded server and any other answer alike. */
const COMMON_SETTINGS: ClickHouseSettings = {
  session_timezone: 'UTC',
  date_time_input_format: 'best_effort',
  date_time_output_format: 'simple',
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  // The JavaScript reader of Arrow has no decompressor.
  output_format_arrow_compression_method: 'none',
  cancel_http_readonly_queries_on_client_close: 1,
  // An error after the first rows would otherwise arrive inside a 200.
  wait_end_of_query: 1,
};

const MANY = '1000000000';

/** One INSERT is one block, in the table and in the views that it feeds: then it is atomic and its token covers it. */
const INSERT_SETTINGS: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  max_insert_block_size: MANY,
  min_insert_block_size_rows: MANY,
  min_insert_block_size_bytes: MANY,
  max_insert_threads: '1',
  parallel_view_processing: 0,
  input_format_parallel_parsing: 0,
  input_format_skip_unknown_fields: 0,
  input_format_null_as_default: 0,
  max_partitions_per_insert_block: '1000',
};

function toParameter(value: ParamValue): unknown {
  if (typeof value === 'string') {
    return wellFormed(value);
  }
  if (Array.isArray(value)) {
    return value.map(toParameter);
  }
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, item]) => [wellFormed(key), toParameter(item)]));
  }
  return value;
}

function toParameters(params: Params): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, toParameter(value)]));
}

function* lineChunks(rows: readonly object[]): Generator<string> {
  for (let start = 0; start < rows.length; start += ROWS_PER_CHUNK) {
    yield rows
      .slice(start, start + ROWS_PER_CHUNK)
      .map(jsonLine)
      .join('');
  }
}

interface Request {
  query_params: Record<string, unknown>;
  clickhouse_settings: ClickHouseSettings;
  abort_signal: AbortSignal;
  query_id?: string;
}

class ClickHouseWarehouse implements Warehouse {
  readonly database: string;
  readonly db: Warehouse['db'];
  readonly #client: ClickHouseClient;
  readonly #address: string;
  readonly #timeoutMs: number;
  readonly #isEmbedded: boolean;
  readonly #gate: Gate | undefined;

  constructor(options: ConnectOptions) {
    this.database = options.database;
    this.#address = options.url;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#isEmbedded = options.isEmbedded ?? false;
    this.#gate = options.gate;
    this.#client = createClient({
      url: options.url,
      username: options.username,
      password: options.password,
      database: options.database,
      application: 'throughline',
      max_open_connections: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
      // Each query has its own clock.
      request_timeout: 2_147_483_647,
      use_multipart_params_auto: true,
      keep_alive: { eagerly_destroy_stale_sockets: true },
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: COMMON_SETTINGS,
    });
    this.db = connectedKysely(this);
  }

  query<Row>(sql: string, params: Params = {}, options: QueryOptions = {}): Promise<Row[]> {
    return this.#run(params, options, async (request) => {
      const answer = await this.#client.query({ query: sql, format: 'JSONEachRow', ...request });
      return answer.json<Row>();
    });
  }

  command(sql: string, params: Params = {}, options: QueryOptions = {}): Promise<void> {
    return this.#run(params, options, async (request) => {
      await this.#client.command({ query: sql, ...request });
    });
  }

  stream(sql: string, params: Params, format: StreamFormat, options: QueryOptions = {}): Promise<Readable> {
    return this.#run(params, options, async (request) => {
      const answer = await this.#client.exec({ query: `${sql}\nFORMAT ${format}`, ...request });
      this.#gate?.hold(answer.stream);
      return answer.stream;
    });
  }

  async insertLines(table: string, lines: Readable, token: string): Promise<void> {
    const source: { error?: Error } = {};
    lines.once('error', (error) => {
      source.error = error;
    });
    await this.#insert(table, () => lines, { insert_deduplication_token: token }, false).catch((error: unknown) => {
      throw source.error ?? error;
    });
  }

  async insertRows(table: string, rows: readonly object[], token?: string): Promise<void> {
    if (rows.length > 0) {
      const lines = () => Readable.from(lineChunks(rows), { objectMode: false });
      await this.#insert(table, lines, token === undefined ? {} : { insert_deduplication_token: token });
    }
  }

  async ping(): Promise<boolean> {
    const answer = await this.#client.ping({ select: true });
    return answer.success;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #insert(table: string, lines: () => Readable, settings: ClickHouseSettings, isRepeatable = true): Promise<void> {
    const send = async (request: Request) => {
      const answer = await this.#client.exec({
        query: `INSERT INTO ${quoteIdentifier(table)} FORMAT JSONEachRow`,
        values: lines(),
        ...request,
        clickhouse_settings: { ...INSERT_SETTINGS, ...settings },
      });
      answer.stream.resume();
    };
    return this.#run({}, {}, send, isRepeatable);
  }

  #run<Result>(
    params: Params,
    options: QueryOptions,
    send: (request: Request) => Promise<Result>,
    isRepeatable = true,
  ): Promise<Result> {
    const attempt = () => this.#attempt(params, options, send);
    return this.#gate === undefined ? attempt() : this.#gate.through(attempt, isRepeatable);
  }

  async #attempt<Result>(params: Params, options: QueryOptions, send: (request: Request) => Promise<Result>) {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const clock = AbortSignal.timeout(timeoutMs);
    try {
      return await send({
        query_params: toParameters(params),
        clickhouse_settings: { ...options.settings, max_execution_time: Math.ceil(timeoutMs / 1000) },
        abort_signal: clock,
        ...(options.queryId === undefined ? {} : { query_id: options.queryId }),
      });
    } catch (error) {
      throw describeError(error, {
        address: this.#address,
        params,
        isEmbedded: this.#isEmbedded,
        timedOutAfterMs: clock.aborted ? timeoutMs : undefined,
      });
    }
  }
}

/** Connects lazily: the first query opens a connection. */
export function connectWarehouse(options: ConnectOptions): Warehouse {
  return new ClickHouseWarehouse(options);
}
