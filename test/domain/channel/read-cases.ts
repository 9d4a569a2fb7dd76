import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of the tables in `cases/`: the landing and the referrer of a visitor's first page, and what they mean. */
export interface ChannelCase {
  readonly table: string;
  /** From the path on. */
  readonly landing: string;
  readonly referrer: string;
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
}

const folder = join(import.meta.dirname, 'cases');

/** Every row of every table, each a landing of shop.example. */
export const readCases = (): ChannelCase[] =>
  readdirSync(folder)
    .sort()
    .flatMap((file) => casesOf(file.replace('.md', ''), readFileSync(join(folder, file), 'utf8')));

function casesOf(table: string, text: string): ChannelCase[] {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  // The first two are the heads of the columns and the line below them.
  return rows.slice(2).map((row) => {
    const cells = row.split('|').slice(1, -1);
    const [landing = '', referrer = '', source = '', medium = '', channel = ''] = cells.map((cell) => cell.trim());
    if (cells.length !== 5 || channel === '') throw new Error(`${table}: not a case: ${row}`);
    return { table, landing, referrer, source, medium, channel };
  });
}
