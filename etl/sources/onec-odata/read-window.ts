import { z } from 'zod';
import { addDays, localDate } from '../../../domain/time.ts';
import type { ReadContext } from '../../source.ts';
import type { OnecOdataSettings } from './settings.ts';

const cursorSchema = z.object({
  /** Local day up to which the newest days were read; absent until everything was read once. */
  readTo: z.string().optional(),
  /** Local day on which the wide window was read last. */
  widelyReadOn: z.string().optional(),
  /** Local day on which the keys of all documents were compared last. */
  sweptOn: z.string().optional(),
  /** By document and month (`2026-01`): print of its keys and versions when it was last read whole. */
  months: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});

/** How far a base was read. */
export type OdataCursor = z.output<typeof cursorSchema>;

export interface ReadWindow {
  /** Local day from which documents are read whatever is known of them; absent until everything was read once. */
  readonly from: string | undefined;
  /** All keys are compared as well. */
  readonly isSweep: boolean;
  readonly cursor: OdataCursor;
  /** What the cursor is when all of it is read. */
  readonly next: OdataCursor;
}

/**
 * 1C has no time of change. So the newest days are read again each time, more of them once a day, and every week the keys
 * and versions of all documents are compared. The first time that comparison finds everything new, and reads it.
 * `--since` reads from that day on and compares. The zone of the base does not matter beyond a day, which the window covers.
 */
export function readWindow(context: ReadContext<OnecOdataSettings>): ReadWindow {
  const { settings, clock, timezone, since } = context;
  const today = localDate(clock.now(), settings.timezone ?? timezone);
  const cursor = cursorSchema.parse(context.cursor === undefined ? {} : JSON.parse(context.cursor));
  const { readTo, widelyReadOn, sweptOn } = cursor;
  if (readTo === undefined || sweptOn === undefined) {
    const next = { readTo: today, widelyReadOn: today, sweptOn: today, months: cursor.months };
    return { from: undefined, isSweep: true, cursor, next };
  }
  const isWide = widelyReadOn === undefined || widelyReadOn < today;
  const days = isWide ? Math.max(settings.window_days, settings.night_window_days) : settings.window_days;
  const usual = addDays(readTo, -days);
  const isSweep = since !== undefined || today >= addDays(sweptOn, settings.sweep_days);
  return {
    // Never later than the last reading asks for: the days between would be read by nobody.
    from: since !== undefined && since < usual ? since : usual,
    isSweep,
    cursor,
    next: {
      readTo: today,
      widelyReadOn: isWide ? today : widelyReadOn,
      sweptOn: isSweep ? today : sweptOn,
      months: cursor.months,
    },
  };
}
