import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { quoteIdentifier, quoteText } from './quote.ts';
import type { Warehouse } from './warehouse.ts';
import { isWarehouseError } from './warehouse-error.ts';

const LOCK = 'migration_lock';
const TABLE_ALREADY_EXISTS = 57;
const UNKNOWN_TABLE = 60;
const BEAT_MS = 3_000;
const POLL_MS = 100;
/** Ten beats missed. */
const DEFAULT_STALE_AFTER_SECONDS = 30;

async function ignoring(code: number, work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isWarehouseError(error) && error.code === code) {
      return false;
    }
    throw error;
  }
}

/** Creating a table is what a single ClickHouse does atomically: whoever creates it holds the lock. */
function tryTake(warehouse: Warehouse, owner: string): Promise<boolean> {
  const create = `CREATE TABLE ${LOCK} (beat_at DateTime) ENGINE = Memory COMMENT ${quoteText(owner)}`;
  return ignoring(TABLE_ALREADY_EXISTS, warehouse.command(create));
}

async function ownerOf(warehouse: Warehouse, table: string): Promise<string | undefined> {
  const rows = await warehouse.query<{ comment: string }>(
    'SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
    { table },
  );
  return rows[0]?.comment;
}

/** The owner of a lock whose holder has given no sign of life for a while: it was killed. */
async function staleOwner(warehouse: Warehouse, staleAfterSeconds: number): Promise<string | undefined> {
  const owner = await ownerOf(warehouse, LOCK);
  const fresh = `SELECT max(beat_at) > now() - {seconds:UInt32} AS fresh FROM ${LOCK}
    UNION ALL
    SELECT metadata_modification_time > now() - {seconds:UInt32} FROM system.tables
    WHERE database = currentDatabase() AND name = '${LOCK}'`;
  try {
    const rows = await warehouse.query<{ fresh: number }>(fresh, { seconds: staleAfterSeconds });
    return rows.some((row) => row.fresh === 1) ? undefined : owner;
  } catch (error) {
    if (isWarehouseError(error) && error.code === UNKNOWN_TABLE) {
      return undefined;
    }
    throw error;
  }
}

/** Moves a dead holder's lock away. Renaming is atomic; a lock that turns out to be a newer one is put back. */
async function removeStale(warehouse: Warehouse, owner: string): Promise<void> {
  const aside = `${LOCK}_${randomUUID()}`;
  const name = quoteIdentifier(aside);
  if (!(await ignoring(UNKNOWN_TABLE, warehouse.command(`RENAME TABLE ${LOCK} TO ${name}`)))) {
    return;
  }
  const isStale = (await ownerOf(warehouse, aside)) === owner;
  await warehouse.command(isStale ? `DROP TABLE IF EXISTS ${name} SYNC` : `RENAME TABLE ${name} TO ${LOCK}`);
}

async function take(warehouse: Warehouse, staleAfterSeconds: number): Promise<void> {
  const owner = randomUUID();
  while (!(await tryTake(warehouse, owner))) {
    const stale = await staleOwner(warehouse, staleAfterSeconds);
    if (stale === undefined) {
      await delay(POLL_MS);
    } else {
      await removeStale(warehouse, stale);
    }
  }
}

/** Runs `work` while no other process of this database does; waits for one that does. */
export async function withMigrationLock<Result>(
  warehouse: Warehouse,
  work: () => Promise<Result>,
  staleAfterSeconds = DEFAULT_STALE_AFTER_SECONDS,
): Promise<Result> {
  await take(warehouse, staleAfterSeconds);
  const beat = setInterval(() => {
    warehouse.command(`INSERT INTO ${LOCK} SELECT now()`).catch(() => undefined);
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await warehouse.command(`DROP TABLE IF EXISTS ${LOCK} SYNC`);
  }
}
