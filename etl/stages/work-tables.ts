import { createHash } from 'node:crypto';
import { loadSql } from '../../warehouse/sql-file.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';

/** What one run works on and where it stands. */
interface Scope {
  readonly warehouse: Warehouse;
  readonly project: string;
  readonly batches: readonly string[];
  readonly runNo: number;
  /** Everything that was ever loaded is computed anew, or everything since a day. */
  readonly isRebuild: boolean;
  /** A run over no more rows than this is small. */
  readonly shareSize: number;
}

interface Found {
  readonly schema: string;
  /** Rows, batches of records and batches of events that this run takes. */
  readonly batches: readonly [string, string, string];
  /** Name, comment and whether there are rows. */
  readonly tables: readonly (readonly [string, string, boolean])[];
}

interface Definition {
  readonly table: string;
  readonly head: string;
  readonly columns: string;
  readonly engine: string;
  /** The SELECT that fills it; empty when rows are inserted later. */
  readonly select: string;
}

const definitionPattern =
  /^(?<head>(?:--.*\n)*)CREATE OR REPLACE TABLE (?<table>\w+)(?<columns> \([^\n]+\))? ENGINE = (?<engine>[^\n]+?)(?: AS\n(?<select>[\s\S]+))?\s*$/;

/** Whoever reads it after a broken run must find what that run began. */
const kept = 'work_unfinished';

/** The work tables lost what the run had put into them, because the database was started anew meanwhile: the run is to be repeated. */
export class LostTablesError extends Error {
  override readonly name = 'LostTablesError';
}

/** In memory as they are, so that it is lost with them. */
const markRun = 'CREATE OR REPLACE TABLE running ENGINE = Memory AS SELECT {run_no:UInt64} AS run_no';
const askMark = 'SELECT run_no FROM running WHERE run_no = {run_no:UInt64}';

// Planning is most of what a statement over a few rows costs; compiling it to machine code and dividing it among threads cost more than they save.
const smallSettings = {
  max_threads: 1,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
};

/**
 * The tables `work_*` of one run. A table is made once and emptied by each run: making it from its SELECT would plan that SELECT twice.
 * Its comment tells by which statement it was made, so that another version of the product makes it anew. Tables of a small run are in
 * memory, those of a large one have the engine that their statement names, which for many is memory too.
 */
export class WorkTables {
  readonly isSmall: boolean;
  readonly hasRecords: boolean;
  readonly hasEvents: boolean;
  readonly #warehouse: Warehouse;
  readonly #runNo: number;
  readonly #schema: string;
  readonly #comments: Map<string, string>;
  readonly #filled = new Set<string>();

  private constructor(scope: Scope, found: Found) {
    this.#warehouse = scope.warehouse;
    this.#runNo = scope.runNo;
    this.#schema = found.schema;
    this.#comments = new Map(found.tables.map(([name, comment]) => [name, comment]));
    const [rows, recordBatches, eventBatches] = found.batches;
    this.isSmall = !scope.isRebuild && Number(rows) <= scope.shareSize;
    this.hasRecords = scope.isRebuild || Number(recordBatches) > 0;
    this.hasEvents = scope.isRebuild || Number(eventBatches) > 0;
  }

  /** Finds the work tables that are there and empties them. */
  static async open(scope: Scope): Promise<WorkTables> {
    const [found] = await scope.warehouse.query<Found>(loadSql(import.meta.url, './work-tables.sql'), {
      project: scope.project,
      batches: scope.batches,
    });
    if (found === undefined) throw new Error('a SELECT without FROM answers one row');
    const tables = new WorkTables(scope, found);
    const used = found.tables.filter(([name, , hasRows]) => hasRows && name !== kept);
    await together(
      used.map(
        ([name]) =>
          () =>
            scope.warehouse.command(`TRUNCATE TABLE ${name}`),
      ),
    );
    await scope.warehouse.command(markRun, { run_no: scope.runNo });
    return tables;
  }

  /** Ask at the end of the run. Throws LostTablesError when tables in memory were lost in the middle of it. */
  async checkKept(): Promise<void> {
    const kept = await this.#warehouse.query(askMark, { run_no: this.#runNo });
    if (kept.length === 0) throw new LostTablesError('The database was started anew in the middle of a run.');
  }

  get settings(): Readonly<Record<string, number>> {
    return this.isSmall ? smallSettings : {};
  }

  /** Whether a statement of this run wrote into the table. */
  isFilled(table: string): boolean {
    return this.#filled.has(table);
  }

  /** The statements that do what a statement of a stage asks: those that make a table only fill it when it is there. */
  plan(sql: string): string[] {
    const definition = definitionOf(sql);
    if (definition === undefined) {
      const target = /INSERT INTO (work_\w+)/.exec(sql)?.[1];
      if (target !== undefined) this.#filled.add(target);
      return [sql];
    }
    const { table, head, select } = definition;
    if (!this.#isMade(definition)) return [this.#making(definition)];
    const emptying = this.#emptying(table);
    if (select === '') return emptying;
    this.#filled.add(table);
    return [...emptying, `${head}INSERT INTO ${table}\n${select}`];
  }

  /** The same for a statement that would find nothing: the table is there and empty. */
  planEmpty(sql: string): string[] {
    const definition = definitionOf(sql);
    if (definition === undefined) return [];
    return this.#isMade(definition) ? this.#emptying(definition.table) : [this.#making(definition)];
  }

  /** Rows that do not come of a statement. */
  async insertRows(table: string, rows: readonly object[]): Promise<void> {
    this.#filled.add(table);
    await this.#warehouse.insertRows(table, rows);
  }

  #emptying(table: string): string[] {
    return this.#filled.delete(table) ? [`TRUNCATE TABLE ${table}`] : [];
  }

  #engineOf({ engine }: Definition): string {
    return this.isSmall ? 'Memory' : engine;
  }

  /** Changes with the statement, with the tables that it reads and with the engine: `SELECT t.*` is another one when `t` is. */
  #commentOf(definition: Definition): string {
    const { table, columns, select } = definition;
    const read = [...new Set(select.match(/\bwork_\w+/g))].filter((name) => name !== table);
    const readAs = read.map((name) => this.#comments.get(name) ?? '');
    const parts = [this.#schema, this.#engineOf(definition), columns, select, ...readAs];
    return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
  }

  #isMade(definition: Definition): boolean {
    return this.#comments.get(definition.table) === this.#commentOf(definition);
  }

  #making(definition: Definition): string {
    const { table, head, columns, select } = definition;
    const comment = this.#commentOf(definition);
    this.#comments.set(table, comment);
    this.#filled.add(table);
    const made = `CREATE OR REPLACE TABLE ${table}${columns} ENGINE = ${this.#engineOf(definition)} COMMENT '${comment}'`;
    return select === '' ? `${head}${made}` : `${head}${made} AS\n${select}`;
  }
}

function definitionOf(sql: string): Definition | undefined {
  const found = definitionPattern.exec(sql)?.groups;
  if (found === undefined) return undefined;
  const { table = '', head = '', columns = '', engine = '', select = '' } = found;
  return { table, head, columns, engine, select };
}

/** Waits for all, so that none is still at work when a failure is told. */
export async function together(works: readonly (() => Promise<void>)[]): Promise<void> {
  const ends = await Promise.allSettled(works.map((work) => work()));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
