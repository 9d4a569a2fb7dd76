import type { Report } from '../contract.ts';

/** Rows as lines of JSON. */
export const toNdjson = (report: Report): string => report.rows.map((row) => `${JSON.stringify(row)}\n`).join('');
