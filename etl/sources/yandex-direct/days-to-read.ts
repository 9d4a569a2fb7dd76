import { z } from 'zod';
import { addDays, dateSchema, localDate } from '../../../domain/time.ts';
import { SourceError } from '../../errors.ts';
import type { ReadContext } from '../../source.ts';
import type { Days } from './request-report.ts';
import type { YandexDirectSettings } from './settings.ts';

/** `through`: last day read. `weekly`: day of the last long reading. */
const cursorSchema = z.strictObject({ through: dateSchema, weekly: dateSchema });
export type Cursor = z.output<typeof cursorSchema>;

type Context = Pick<ReadContext<YandexDirectSettings>, 'settings' | 'cursor' | 'since' | 'clock'>;

const firstLoadDays = 90;
const chunkDays = 30;
const weekDays = 7;
/** The API keeps three years; https://yandex.ru/dev/direct/doc/ru/restrictions */
const keptDays = 3 * 365;

/** Days of Direct's reports are Moscow days. */
export const directZone = 'Europe/Moscow';

/** The days to read now, in chunks from the oldest, each with the cursor to save after it. */
export function chunksToRead(context: Context): readonly (Days & { readonly cursor: Cursor })[] {
  const today = localDate(context.clock.now(), directZone);
  const saved = readCursor(context.cursor, context.since);
  const isWeekly = saved === undefined || addDays(saved.weekly, weekDays) <= today;
  const wanted = firstDay(context, saved, { today, isWeekly });
  const oldest = addDays(today, -keptDays);
  const weekly = isWeekly ? today : saved.weekly;
  const chunks: (Days & { cursor: Cursor })[] = [];
  for (let from = laterOf(wanted, oldest); from <= today; from = addDays(from, chunkDays)) {
    const to = earlierOf(addDays(from, chunkDays - 1), today);
    // An interrupted long reading is taken up whole the next time: only its last chunk counts it as done.
    chunks.push({ from, to, cursor: { through: to, weekly: to === today ? weekly : (saved?.weekly ?? wanted) } });
  }
  return chunks;
}

function firstDay(
  { settings, since }: Context,
  saved: Cursor | undefined,
  { today, isWeekly }: { readonly today: string; readonly isWeekly: boolean },
): string {
  if (saved === undefined) return since ?? settings.start_date ?? addDays(today, -firstLoadDays);
  const again = addDays(today, -(isWeekly ? settings.weekly_repull_days : settings.repull_days));
  // Never later than the last reading asks for: the days between would be read by nobody.
  return [saved.through, again, since ?? again].sort()[0] ?? again;
}

const earlierOf = (a: string, b: string): string => [a, b].sort()[0] ?? a;
const laterOf = (a: string, b: string): string => [a, b].sort()[1] ?? a;

/** Undefined when nothing was read before, or what was saved cannot be read and `since` says where to begin instead. */
function readCursor(text: string | undefined, since: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const parsed = cursorSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  if (since !== undefined) return undefined;
  throw new SourceError(
    'bad_data',
    'the saved position of the stream cannot be read; run sync with --since to read again',
  );
}
