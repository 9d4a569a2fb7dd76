import { createHash } from 'node:crypto';
import type { OdataClient, OdataObject } from './odata-client.ts';
import type { DocumentPlan } from './plan.ts';
import { documentsFrom } from './read-documents.ts';

/** What a base holds of one kind of document. */
export interface KeyScan {
  readonly plan: DocumentPlan;
  readonly keys: readonly string[];
  /** Keys and versions of documents without a date that can be read: no month of them can be asked for. */
  readonly undated: readonly OdataObject[];
  /** By month (`2026-01`). */
  readonly months: ReadonlyMap<string, MonthOfKeys>;
}

export interface MonthOfKeys {
  readonly documents: number;
  /** Another one whenever a document of the month is added, saved or gone. */
  readonly print: string;
}

const versionFields = ['Ref_Key', 'Date', 'DataVersion', 'DeletionMark', 'Posted'];
const beginning = '0001-01-01T00:00:00';

/** Keys and versions of all documents of a kind. A base without DataVersion is compared by all that their headers say. */
export async function scanKeys(client: OdataClient, plan: DocumentPlan, pageSize: number): Promise<KeyScan> {
  const header = plan.select.filter((path) => !path.includes('/'));
  const select = header.includes('DataVersion') ? header.filter((field) => versionFields.includes(field)) : header;
  const keys: string[] = [];
  const months = new Map<string, { documents: number; sum: bigint }>();
  const undated: OdataObject[] = [];
  for await (const rows of documentsFrom(client, { ...plan, select }, { from: beginning }, pageSize))
    for (const row of rows) {
      if (typeof row.Ref_Key !== 'string') continue;
      keys.push(row.Ref_Key);
      const month = monthOf(row);
      if (month === undefined) {
        undated.push(row);
        continue;
      }
      const { documents, sum } = months.get(month) ?? { documents: 0, sum: 0n };
      months.set(month, { documents: documents + 1, sum: sum + printOf(row) });
    }
  const prints = [...months].map(([month, { documents, sum }]) => [month, { documents, print: toText(sum) }] as const);
  return { plan, keys, undated, months: new Map(prints) };
}

const monthOf = ({ Date: date }: OdataObject): string | undefined =>
  typeof date === 'string' ? /^\d{4}-\d\d(?=-\d\d)/.exec(date)?.[0] : undefined;

/** Prints are added up: the order of the documents, which a base may change, does not matter. */
const printOf = (row: OdataObject): bigint =>
  createHash('sha256').update(JSON.stringify(row)).digest().readBigUInt64BE();

const toText = (sum: bigint): string => BigInt.asUintN(64, sum).toString(36);
