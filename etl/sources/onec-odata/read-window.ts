import { z } from 'zod';
import { addDays, localDate } from '../../../domain/time.ts';
import type { ReadContext } from '../../source.ts';
import type { OnecOdataSettings } from './settings.ts';

/** How far a base was read, and which payment documents were split into parts then. */
export interface OdataCursor {
  /** Local day up to which everything was read. */
  readonly readTo: string;
  readonly splits: Readonly<Record<string, { readonly date: string; readonly parts: readonly string[] }>>;
}

const cursorSchema = z.object({
  readTo: z.string(),
  splits: z.record(z.string(), z.object({ date: z.string(), parts: z.array(z.string()) })).default({}),
});

/** Days read when nothing was read before; `--since` reads more. */
const firstReadDays = 400;

export interface ReadWindow {
  /** Local instant, 1C's literal without quotes. */
  readonly fromLocal: string;
  readonly today: string;
  readonly cursor: OdataCursor | undefined;
}

/**
 * 1C has no time of change, so the newest days are read again each time: from `window_days` before the last reading on.
 * The zone of the base does not matter beyond a day, which the window covers.
 */
export function readWindow(context: ReadContext<OnecOdataSettings>): ReadWindow {
  const { settings, clock, timezone, since } = context;
  const today = localDate(clock.now(), settings.timezone ?? timezone);
  const cursor = context.cursor === undefined ? undefined : cursorSchema.parse(JSON.parse(context.cursor));
  const usual = cursor === undefined ? addDays(today, -firstReadDays) : addDays(cursor.readTo, -settings.window_days);
  // Never later than the last reading asks for: the days between would be read by nobody.
  const day = since === undefined || (cursor !== undefined && usual < since) ? usual : since;
  return { fromLocal: `${day}T00:00:00`, today, cursor };
}
