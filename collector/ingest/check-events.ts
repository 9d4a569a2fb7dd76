import { z } from 'zod';
import { type Event, visitorSchema } from '../../domain/event.ts';
import type { Problem } from '../../domain/result.ts';
import { instantSchema } from '../../domain/time.ts';
import { checkEvent } from '../collect/check-event.ts';
import { isJsonObject } from '../collect/json-object.ts';
import type { Sites } from '../collect/sites.ts';
import { anonymousLine } from '../collect/take-anonymous.ts';
import { noCode, toEventLine } from '../collect/to-event-line.ts';
import { toRejectedLine } from '../to-rejected-line.ts';
import type { CheckedLines, RecordContext } from './check-records.ts';
import { FieldErrors } from './field-errors.ts';

/** History has no request headers: who knows the browser says it in the row. */
const placeSchema = z.object({
  site: z.string(),
  visitor: visitorSchema,
  consent: z.literal('granted', 'expected "granted" or "denied"').nullish(),
  user_agent: z.string().max(2048).nullish(),
});

/** Who refused has no visitor; one that is told all the same is not kept. */
const refusedPlaceSchema = placeSchema.extend({ visitor: z.unknown().optional(), consent: z.literal('denied') });
const hasRefused = (row: unknown): boolean => isJsonObject(row) && row.consent === 'denied';

const timeSchema = z.looseObject({ ts: instantSchema });

/** Another system's history tells its instants as ISO 8601 as well; a browser never does. */
function withNumericTime(row: unknown): unknown {
  const timed = timeSchema.safeParse(row);
  return timed.success ? { ...timed.data, ts: Date.parse(timed.data.ts) } : row;
}

/** `unread`: lines of `rejected` about fields that events were taken without. */
export type CheckedEvents = CheckedLines & { readonly unread?: readonly string[] };

/** Checks events of another system's history: those of `/collect`, each with its site and visitor, of any past time. */
export function checkEvents(rows: readonly unknown[], sites: Sites, context: RecordContext): CheckedEvents {
  const errors = new FieldErrors();
  const lines: string[] = [];
  const unread: string[] = [];
  for (const [index, row] of rows.entries()) {
    const place = (hasRefused(row) ? refusedPlaceSchema : placeSchema).safeParse(row);
    const event = checkEvent(withNumericTime(row), 'history', context.fetchedAtMs);
    if (!place.success) errors.addZod(index, place.error);
    else if (!sites.find(place.data.site)) errors.add(index, 'site', 'no site of the configuration has this key');
    else if (!event.ok) errors.add(index, event.problem.place, event.problem.detail);
    else if (errors.isEmpty) {
      lines.push(lineOf(event.value, place.data, context));
      if (event.unread) unread.push(unreadLine(row, index, event.unread, context));
    }
  }
  return errors.isEmpty ? { ok: true, lines, unread } : { ok: false, errors: errors.list };
}

const unreadLine = (row: unknown, index: number, problem: Problem, { project, fetchedAtMs }: RecordContext): string =>
  toRejectedLine(
    hasRefused(row) ? null : row,
    { ...problem, place: `${index}.${problem.place}` },
    { project, source: 'ingest', entity: 'event field', rejectedAtMs: fetchedAtMs },
  );

type Place = z.output<typeof placeSchema> | z.output<typeof refusedPlaceSchema>;

function lineOf(event: Event, place: Place, context: RecordContext): string {
  const known = eventContext(place, context);
  if (place.consent === 'denied') return anonymousLine(event, known);
  // Spoken codes are for visits whose page can show them.
  return toEventLine(event, { ...known, visitor: place.visitor }, event.visit ?? '', noCode);
}

const eventContext = (place: Place, context: RecordContext) => ({
  site: place.site,
  project: context.project,
  hasher: context.hasher,
  receivedAtMs: context.fetchedAtMs,
  channelIn: 'ingest' as const,
  address: '',
  userAgent: place.user_agent?.toWellFormed() ?? '',
});
