import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { failed, ok, type Result } from '../../domain/result.ts';
import { readCsvRows } from './read-csv-rows.ts';

/** Rows of one request, each still to be checked. */
export type Rows = readonly unknown[];
export type RowsProblem = 'malformed' | 'unknown_format';

/** Reads a body as its Content-Type says: a JSON array, one JSON object a line, or CSV with a header row. */
export function readRows(body: Buffer, contentType: string): Result<Rows, RowsProblem> {
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  const text = decode(body, parameters);
  if (text === undefined) return failed('unknown_format', 'Content-Type', 'This charset is not known: send UTF-8.');
  if (/^(application|text)\/(x-)?(ndjson|jsonl|jsonlines|json-lines)$/.test(mediaType.trim())) return readLines(text);
  if (/^(text|application)\/csv$/.test(mediaType.trim())) return readCsvRows(text);
  if (/^$|json$/.test(mediaType.trim())) return readArray(text);
  const detail = 'Send application/json with an array, application/x-ndjson, or text/csv with a header row.';
  return failed('unknown_format', 'Content-Type', detail);
}

/** Nobody says the charset of a file: what is no UTF-8 is what Russian spreadsheets save. */
function decode(body: Buffer, parameters: readonly string[]): string | undefined {
  const charset = parameters.map((part) => /^\s*charset="?([^"\s]+)"?\s*$/.exec(part)?.[1]).find(Boolean);
  if (charset === undefined) return iconv.decode(body, isUtf8(body) ? 'utf-8' : 'windows-1251');
  return iconv.encodingExists(charset) ? iconv.decode(body, charset) : undefined;
}

function readArray(text: string): Result<Rows, RowsProblem> {
  const parsed = parseJson(text, 'body');
  if (!parsed.ok) return parsed;
  if (Array.isArray(parsed.value)) return ok(parsed.value);
  return failed('malformed', 'body', 'The body is not a JSON array: put the rows between [ and ].');
}

function readLines(text: string): Result<Rows, RowsProblem> {
  const rows: unknown[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = parseJson(line, `line ${index + 1}`);
    if (!parsed.ok) return parsed;
    rows.push(parsed.value);
  }
  return ok(rows);
}

function parseJson(text: string, place: string): Result<unknown, RowsProblem> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return failed('malformed', place, `The ${place} is not JSON: check its quotes, commas and brackets.`);
  }
}
