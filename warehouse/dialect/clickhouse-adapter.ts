import { DialectAdapterBase } from 'kysely';

export class ClickHouseAdapter extends DialectAdapterBase {
  override get supportsReturning(): boolean {
    return false;
  }

  override get supportsTransactionalDdl(): boolean {
    return false;
  }

  /** Kysely's own migrator is not used; ours needs no lock. */
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}
