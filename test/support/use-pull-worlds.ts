import { afterEach, beforeAll, beforeEach } from 'vitest';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from './clickhouse.ts';
import { PullWorld } from './pull-world.ts';

/** A world of its own for each test of a file, in the warehouse of the file. Call it once at the top; call the answer in a test. */
export function usePullWorlds(now: string): () => { readonly warehouse: Warehouse; readonly world: PullWorld } {
  let warehouse: Warehouse;
  let world: PullWorld;
  let worlds = 0;
  beforeAll(async () => {
    warehouse = await testWarehouse();
  });
  beforeEach(async () => {
    worlds += 1;
    world = await PullWorld.create(warehouse, `w${worlds}`, now);
  });
  afterEach(() => world.close());
  return () => ({ warehouse, world });
}
