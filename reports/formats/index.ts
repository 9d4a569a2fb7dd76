import type { Report } from '../contract.ts';
import { toArrow } from './arrow.ts';
import { toCsv } from './csv.ts';
import { toNdjson } from './ndjson.ts';

interface Format {
  readonly name: string;
  readonly mime: string;
  readonly write: (report: Report) => string | Uint8Array;
}

/** Forms a report can be had in; the first is the default. */
export const formats: readonly [Format, ...Format[]] = [
  { name: 'json', mime: 'application/json', write: (report) => JSON.stringify(report) },
  { name: 'csv', mime: 'text/csv', write: toCsv },
  { name: 'arrow', mime: 'application/vnd.apache.arrow.stream', write: toArrow },
  { name: 'ndjson', mime: 'application/x-ndjson', write: toNdjson },
];
