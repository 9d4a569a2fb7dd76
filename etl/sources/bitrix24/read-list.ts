import { startOfLocalDay, toInstant } from '../../../domain/time.ts';
import type { Page, ReadContext } from '../../source.ts';
import { type ListCursor, readListCursor, writeListCursor } from './list-cursor.ts';
import { type ListMethod, type ListPage, lastChangeMs, pagesByChange, pagesById } from './list-pages.ts';
import type { RestClient } from './rest-client.ts';
import type { Row } from './row.ts';
import type { Bitrix24Settings } from './settings.ts';

type Changes = Extract<ListCursor, { phase: 'changes' }>;
type Context = ReadContext<Bitrix24Settings>;

const hourMs = 60 * 60_000;

/**
 * Reads a list: the first time all of it by id, later what has changed, and now and then the ids alone, because a deletion
 * shows nowhere else.
 */
export async function* readList(
  context: Context,
  rest: RestClient,
  list: ListMethod,
): AsyncGenerator<Page<Row, never>> {
  const cursor = startingCursor(context);
  if (cursor.phase === 'full') {
    yield* readFull(context, rest, list, cursor);
    return;
  }
  let position = cursor;
  for await (const page of pagesByChange(rest, list, Date.parse(cursor.from) - overlapMs(context))) {
    position = { ...position, from: laterOf(position.from, page) };
    yield { rows: page.rows, nextCursor: writeListCursor(position) };
  }
  const sweptAgoMs = context.clock.now() - Date.parse(position.sweptAt);
  if (sweptAgoMs >= context.settings.sweep_hours * hourMs) yield await sweep(context, rest, list, position);
}

function startingCursor(context: Context): ListCursor {
  const saved = readListCursor(context.cursor, context.since);
  // A first load that was cut off goes on: it reads everything, what `since` asks for too.
  if (saved !== undefined && (context.since === undefined || saved.phase === 'full')) return saved;
  const now = toInstant(context.clock.now());
  if (context.since === undefined) return { phase: 'full', afterId: '0', startedAt: now };
  const asked = toInstant(startOfLocalDay(context.since, context.timezone) + overlapMs(context));
  // Never later than where the last reading ended: what lies between would be read by nobody.
  const from = saved?.phase === 'changes' && saved.from < asked ? saved.from : asked;
  return { phase: 'changes', from, sweptAt: toInstant(0) };
}

const overlapMs = (context: Context): number => context.settings.page_overlap_minutes * 60_000;

async function* readFull(
  context: Context,
  rest: RestClient,
  list: ListMethod,
  cursor: Extract<ListCursor, { phase: 'full' }>,
): AsyncGenerator<Page<Row, never>> {
  // Changes made during the load are read afterwards, from when it began by the portal's own clock.
  let startedAt = cursor.afterId === '0' ? undefined : cursor.startedAt;
  let done = 0;
  for await (const page of pagesById(rest, list, cursor.afterId)) {
    startedAt ??= page.portalTime;
    done += page.rows.length;
    const afterId = String(Math.max(...page.rows.map((row) => Number(row.ID))));
    yield {
      rows: page.rows,
      nextCursor: writeListCursor({ phase: 'full', afterId, startedAt }),
      progress: { done },
    };
  }
  const from = startedAt ?? cursor.startedAt;
  const sweptAt = toInstant(context.clock.now());
  yield { rows: [], nextCursor: writeListCursor({ phase: 'changes', from, sweptAt }) };
}

/** Never beyond the portal's own now: a row dated in the future would hide every change until then. */
function laterOf(from: string, page: ListPage): string {
  const fromMs = Date.parse(from);
  return toInstant(Math.max(fromMs, Math.min(lastChangeMs(page.rows, fromMs), Date.parse(page.portalTime))));
}

async function sweep(
  context: Context,
  rest: RestClient,
  list: ListMethod,
  position: Changes,
): Promise<Page<Row, never>> {
  const ids: string[] = [];
  for await (const page of pagesById(rest, { method: list.method, select: ['ID'] }, '0')) {
    ids.push(...page.rows.map((row) => row.ID));
  }
  return {
    rows: [],
    present: { ids, limitPercent: context.settings.vanished_limit_percent },
    nextCursor: writeListCursor({ ...position, sweptAt: toInstant(context.clock.now()) }),
  };
}
