import type { ContactHasher } from '../../domain/contact.ts';
import type { Event } from '../../domain/event.ts';
import { failed, ok, type Problem, type Result } from '../../domain/result.ts';
import { derivedUuid } from '../derived-uuid.ts';
import type { Appended, AppendProblem, Spool } from '../spool.ts';
import { toRejectedLine } from '../to-rejected-line.ts';
import { checkEvent, type EventProblem } from './check-event.ts';
import type { CurrentVisits } from './current-visits.ts';
import type { RateLimit } from './rate-limit.ts';
import { noCode, toEventLine } from './to-event-line.ts';
import type { VisitCodes } from './visit-codes.ts';

/** A batch of events whose envelope, site and origin are in order. */
export interface Batch {
  readonly site: string;
  /** Visitor of the cookie, or else the one that the body names; of a browser without a cookie the one of the day. */
  readonly visitor: string | undefined;
  /** The answer names no visitor: none may be kept in the browser. */
  readonly isCookieless: boolean;
  readonly events: readonly unknown[];
  readonly channelIn: 'collect' | 'pixel';
  readonly receivedAtMs: number;
  readonly address: string;
  /** What its sender is counted by, where one must not take all; undefined when it is not. */
  readonly countedAs: string | undefined;
  readonly userAgent: string;
  /** As `raw_events` keeps them. */
  readonly clientHints: string;
}

/**
 * Answer to a batch that was taken; `visit` is null when none of its events was, `visit_code` also when no code was to be had in time or its sender had too many,
 * `visitor` when the browser may keep none, or nothing was taken of one that names none.
 */
export interface BatchAnswer {
  readonly visitor: string | null;
  readonly visit: string | null;
  readonly visit_code: string | null;
  readonly rejected?: readonly { readonly index: number; readonly reason: EventProblem; readonly detail: string }[];
}

export interface TakeBatchDeps {
  readonly project: string;
  readonly spool: Pick<Spool, 'append' | 'appendThen'>;
  readonly hasher: ContactHasher;
  readonly visitCodes: VisitCodes;
  /** Visits that get a code. */
  readonly codeLimit: RateLimit;
  readonly currentVisits: CurrentVisits;
}

export interface BadEvent {
  readonly index: number;
  readonly raw: unknown;
  readonly problem: Problem<EventProblem>;
  /** The event itself, or only fields of one that was taken without them. */
  readonly entity: 'event' | 'event field';
}

export type Taken = (result: Result<BatchAnswer, AppendProblem>) => void;

/**
 * Sorts the good events from the bad, and calls `done`, which must not throw, when both are on disk. A promise is given only when the
 * batch had to wait for new visit codes.
 */
export function takeBatch(deps: TakeBatchDeps, batch: Batch, done: Taken): Promise<void> | undefined {
  const sorted = sortEvents(batch);
  if (sorted.good.length > 0 && !deps.visitCodes.hasRoom(1)) return takeWithNewCodes(deps, batch, sorted, done);
  keepEvents(deps, batch, sorted, done);
  return undefined;
}

async function takeWithNewCodes(deps: TakeBatchDeps, batch: Batch, sorted: Sorted, done: Taken): Promise<void> {
  // Others may have used up what was reserved by the time that we go on.
  while (!deps.visitCodes.hasRoom(1)) {
    const more = await deps.visitCodes.more();
    if (more === 'failed') return done(noCounter);
    if (more === 'late') break;
  }
  keepEvents(deps, batch, sorted, done);
}

const noCounter = failed('disk_error', 'visit codes', 'The counter of visit codes cannot be written: check the disk.');

function keepEvents(deps: TakeBatchDeps, batch: Batch, { good, bad, unread }: Sorted, done: Taken): void {
  const visitor = batch.visitor ?? newVisitor(batch.site, good);
  const placed = visitor === undefined ? [] : placeEvents(deps, visitor, good);
  const named = placed.at(-1)?.visit;
  const code = named === undefined ? undefined : codeFor(deps, batch, named);
  const codeOf = (visit: string): string => (visit === named ? code : deps.visitCodes.knownCodeOf(visit)) ?? noCode;
  const lines = visitor === undefined ? [] : linesOf(deps, batch, visitor, placed, codeOf);
  appendLines(deps, batch, lines, [...bad, ...unread], (appended) => {
    if (!appended.ok) return done(appended);
    const visit = { visit: named ?? null, visit_code: code ?? null };
    return done(ok({ visitor: (batch.isCookieless ? undefined : visitor) ?? null, ...visit, ...rejectionsOf(bad) }));
  });
}

/** By an event that is nobody else's, so that a retry names the same; nobody where none was taken. */
const newVisitor = (site: string, [first]: readonly Event[]): string | undefined =>
  first && derivedUuid('visitor', site, first.id);

export interface Sorted {
  readonly good: readonly Event[];
  readonly bad: readonly BadEvent[];
  /** What of the good could not be read. */
  readonly unread: readonly BadEvent[];
}

/** Reads the events of a batch. */
export function sortEvents(batch: Batch): Sorted {
  const good: Event[] = [];
  const bad: BadEvent[] = [];
  const unread: BadEvent[] = [];
  for (let index = 0; index < batch.events.length; index += 1) {
    const raw = batch.events[index];
    const checked = checkEvent(raw, 'live', batch.receivedAtMs);
    if (checked.ok) {
      good.push(checked.value);
      if (checked.unread) unread.push({ index, raw, problem: checked.unread, entity: 'event field' });
    } else {
      bad.push({ index, raw, problem: checked.problem, entity: 'event' });
    }
  }
  return { good, bad, unread };
}

interface PlacedEvent {
  readonly event: Event;
  readonly visit: string;
}

const placeEvents = (deps: TakeBatchDeps, visitor: string, events: readonly Event[]): PlacedEvent[] =>
  events.map((event) => ({ event, visit: deps.currentVisits.visitOf(visitor, event) }));

/** Code of the visit that the answer names, the only one that anybody can tell; undefined when there is none for it. */
function codeFor({ visitCodes, codeLimit }: TakeBatchDeps, { countedAs }: Batch, visit: string): string | undefined {
  const known = visitCodes.knownCodeOf(visit);
  if (known !== undefined) return known;
  return countedAs === undefined || codeLimit.spend(countedAs) === 0 ? visitCodes.codeOf(visit) : undefined;
}

function linesOf(
  { project, hasher }: TakeBatchDeps,
  { site, isCookieless, channelIn, receivedAtMs, address, userAgent, clientHints }: Batch,
  visitor: string,
  placed: readonly PlacedEvent[],
  codeOf: (visit: string) => string,
): string[] {
  const consent = isCookieless ? ('cookieless' as const) : undefined;
  const context = { project, site, visitor, channelIn, receivedAtMs, address, userAgent, clientHints, hasher, consent };
  return placed.map(({ event, visit }) => toEventLine(event, context, visit, codeOf(visit)));
}

/** Appends the lines of a batch, and what is noted of it before them. */
export function appendLines(
  { project, spool }: TakeBatchDeps,
  { receivedAtMs }: Batch,
  lines: readonly string[],
  bad: readonly BadEvent[],
  done: Appended,
): void {
  if (bad.length === 0) {
    spool.appendThen('events', lines, done);
    return;
  }
  const badLines = bad.map(({ index, raw, problem, entity }) => {
    const rejectedContext = { project, source: 'collect', entity, rejectedAtMs: receivedAtMs } as const;
    return toRejectedLine(raw, { ...problem, place: `events.${index}.${problem.place}` }, rejectedContext);
  });
  spool.appendThen('rejected', badLines, (refused) => {
    if (refused.ok) spool.appendThen('events', lines, done);
    else done(refused);
  });
}

/** What an answer says of the events that were not taken. */
export const rejectionsOf = (bad: readonly BadEvent[]): Pick<BatchAnswer, 'rejected'> =>
  bad.length === 0 ? {} : { rejected: bad.map(toRejection) };

const toRejection = ({ index, problem }: BadEvent) => ({
  index,
  reason: problem.reason,
  detail: problem.place === '' ? problem.detail : `${problem.place}: ${problem.detail}`,
});
