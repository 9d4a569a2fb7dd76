import { z } from 'zod';
import { SourceError } from '../../errors.ts';

const instant = z.iso.datetime();

/** `full`: the first load has come to an id. `changes`: changes up to an instant are read; the last comparison of ids. */
const listCursorSchema = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('full'), afterId: z.string(), startedAt: instant }),
  z.strictObject({ phase: z.literal('changes'), from: instant, sweptAt: instant }),
]);
export type ListCursor = z.output<typeof listCursorSchema>;

/** Undefined when nothing was read before, or what was saved cannot be read and `since` says where to begin instead. */
export function readListCursor(text: string | undefined, since: string | undefined): ListCursor | undefined {
  if (text === undefined) return undefined;
  const parsed = listCursorSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  if (since !== undefined) return undefined;
  throw new SourceError(
    'bad_data',
    'the saved position of the stream cannot be read; run sync with --since to read again',
  );
}

export const writeListCursor = (cursor: ListCursor): string => JSON.stringify(cursor);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
