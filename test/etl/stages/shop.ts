import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { startOfLocalDay } from '../../../domain/time.ts';
import { type PipelineDeps, rebuildAll, rebuildSince, runStages, type StagesOutcome } from '../../../etl/pipeline.ts';
import type { StageRules } from '../../../etl/stages/stage-context.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { testWarehouse } from '../../support/clickhouse.ts';
import { type EventSketch, event, type Loose, loadEvents, loadRecords, pipeline } from './raw.ts';

/** A shop of its own for one test: a project in the warehouse of the test's file. */
export interface Shop {
  readonly project: string;
  readonly warehouse: Warehouse;
  /** Loads one batch of events. */
  events(...sketches: readonly EventSketch[]): Promise<void>;
  /** Loads one batch of records. */
  records(...records: readonly Loose[]): Promise<void>;
  /** Runs the stages until nothing waits. */
  settle(): Promise<StagesOutcome>;
  /** The same under other circumstances. */
  settleWith(deps: Partial<PipelineDeps>): Promise<StagesOutcome>;
  rebuild(over?: Partial<StageRules>, deps?: Partial<PipelineDeps>): Promise<StagesOutcome>;
  /** Rebuilds from a local day of Moscow on. */
  rebuildSince(day: string): Promise<StagesOutcome>;
  mart: ReadMart;
}

/** Rows of a mart; every column but those that tell the run when none is named. */
export type ReadMart = <Row = Record<string, unknown>>(
  table: string,
  columns?: string,
  orderBy?: string,
) => Promise<Row[]>;

/** Every column but those that tell the run. */
export const whatIsTold = '* EXCEPT (project, run_no, is_deleted)';

let warehouse: Warehouse;
let shops = 0;

/** Call it once at the top of a test file. */
export function useShops(): (over?: Partial<StageRules>, deps?: Partial<PipelineDeps>) => Shop {
  beforeAll(async () => {
    warehouse = await testWarehouse();
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'stages-'));
  return (over = {}, more = {}) => shopIn(warehouse, dataDir, over, more);
}

function shopIn(warehouse: Warehouse, dataDir: string, over: Partial<StageRules>, more: Partial<PipelineDeps>): Shop {
  shops += 1;
  const project = `shop-${shops}`;
  const depsWith = (rules: Partial<StageRules>): PipelineDeps => ({
    ...pipeline(warehouse, dataDir, { ...over, ...rules }),
    project,
    ...more,
  });
  return {
    project,
    warehouse,
    events: (...sketches) =>
      loadEvents(
        warehouse,
        sketches.map((sketch) => event(sketch)),
        project,
      ),
    records: (...records) => loadRecords(warehouse, records, project),
    settle: () => runStages(depsWith({}), 'arrival'),
    settleWith: (deps) => runStages({ ...depsWith({}), ...deps }, 'arrival'),
    rebuild: (rules = {}, deps = {}) => rebuildAll({ ...depsWith(rules), ...deps }),
    rebuildSince: (day) => rebuildSince(depsWith({}), { day, atMs: startOfLocalDay(day, 'Europe/Moscow') }),
    mart: (table, columns = whatIsTold, orderBy = 'ALL') =>
      warehouse.query(`SELECT ${columns} FROM ${table} FINAL WHERE project = {project:String} ORDER BY ${orderBy}`, {
        project,
      }),
  };
}

export const keepRates = (
  { warehouse, project }: Pick<Shop, 'warehouse' | 'project'>,
  currency: string,
  byDay: Readonly<Record<string, string>>,
): Promise<void> =>
  warehouse.insertRows(
    'currency_rates',
    Object.entries(byDay).map(([date, rate]) => ({ project, date, currency, rate })),
  );
