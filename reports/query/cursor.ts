import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Query } from '../contract.ts';

const cursorSchema = z.strictObject({ offset: z.int().min(1), of: z.string() });

/** A mark of everything that decides which rows there are and in which order. */
function mark(query: Query): string {
  const { cursor: _cursor, limit: _limit, ...rest } = query;
  return createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 16);
}

/** An opaque text that continues the same report at a row. */
export function writeCursor(query: Query, offset: number): string {
  return Buffer.from(JSON.stringify({ offset, of: mark(query) })).toString('base64url');
}

/** The row a report is to start at: 0 without a cursor, undefined when the cursor is of another report. */
export function readCursor(query: Query): number | undefined {
  if (query.cursor === null) return 0;
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(query.cursor, 'base64url').toString('utf8')));
    return parsed.success && parsed.data.of === mark(query) ? parsed.data.offset : undefined;
  } catch {
    return undefined;
  }
}
