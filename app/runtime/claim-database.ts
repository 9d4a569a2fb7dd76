import { hostname } from 'node:os';
import { join } from 'node:path';
import { quoteText } from '../../warehouse/quote.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { DataFolderError } from './data-folder-error.ts';
import { installationId } from './secret.ts';

interface Owner {
  readonly id: string;
  readonly folder: string;
  readonly host: string;
}

/**
 * Makes the database that of this data folder, or finds that it is. The locks and the spool lie in the folder: runs of two folders on one
 * database would work in the same tables at once. Whoever only reads need not call it. Throws DataFolderError.
 */
export async function claimDatabase({
  warehouse,
  dataDir,
}: {
  readonly warehouse: Warehouse;
  readonly dataDir: string;
}): Promise<void> {
  const id = await installationId(dataDir);
  const us: Owner = { id, folder: dataDir, host: hostname() };
  // Creating a table is what a single ClickHouse does atomically: the comment stays that of the first.
  await warehouse.command(
    `CREATE TABLE IF NOT EXISTS installation (id String) ENGINE = Null COMMENT ${quoteText(JSON.stringify(us))}`,
  );
  const [row] = await warehouse.query<{ comment: string }>(
    "SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = 'installation'",
  );
  const owner: Owner = JSON.parse(row?.comment ?? '{}');
  if (owner.id === id) return;
  throw new DataFolderError(
    `The database ${warehouse.database} belongs to the installation in ${owner.folder} on ${owner.host}, and this one is in ${dataDir}: name a database of its own in CLICKHOUSE_URL, or use that data folder. If that installation is gone for good, run "DROP TABLE installation" in the database and start again. If it is this very folder whose file installation was lost, write ${owner.id} into ${join(dataDir, 'installation')}.`,
  );
}
