import { readFileSync } from 'node:fs';

/** Reads a `.sql` file that lies beside the module: `loadSql(import.meta.url, './clean-deals.sql')`. */
export function loadSql(moduleUrl: string, path: string): string {
  return readFileSync(new URL(path, moduleUrl), 'utf8');
}
