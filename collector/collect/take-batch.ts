import type { ContactHasher } from '../../domain/contact.ts';
import type { Event } from '../../domain/event.ts';
import { ok, type Problem, type Result } from '../../domain/result.ts';
import { derivedUuid } from '../derived-uuid.ts';
import type { AppendProblem, Spool } from '../spool.ts';
import { toRejectedLine } from '../to-rejected-line.ts';
import { checkEvent, type EventProblem } from './check-event.ts';
import type { CurrentVisits } from './current-visits.ts';
import { toEventLine } from './to-event-line.ts';
import type { VisitCodes } from './visit-codes.ts';

/** A batch of events whose envelope, site and origin are in order. */
export interface Batch {
  readonly site: string;
  /** Visitor that the body names, or else the cookie. */
  readonly visitor: string | undefined;
  readonly events: readonly unknown[];
  readonly channelIn: 'collect' | 'pixel';
  readonly receivedAtMs: number;
  readonly address: string;
  readonly userAgent: string;
}

/** Answer to a batch that was taken; `visit` is null when none of its events was. */
export interface BatchAnswer {
  readonly visitor: string;
  readonly visit: string | null;
  readonly visit_code: string | null;
  readonly rejected?: readonly { readonly index: number; readonly reason: EventProblem; readonly detail: string }[];
}

export interface TakeBatchDeps {
  readonly project: string;
  readonly spool: Pick<Spool, 'append'>;
  readonly hasher: ContactHasher;
  readonly visitCodes: VisitCodes;
  readonly currentVisits: CurrentVisits;
}

interface BadEvent {
  readonly index: number;
  readonly raw: unknown;
  readonly problem: Problem<EventProblem>;
}

/** Sorts the good events from the bad, and resolves when both are on disk. */
export async function takeBatch(deps: TakeBatchDeps, batch: Batch): Promise<Result<BatchAnswer, AppendProblem>> {
  const { good, bad } = sortEvents(batch);
  const visitor = batch.visitor ?? derivedUuid('visitor', batch.site, good[0]?.id ?? JSON.stringify(bad[0]?.problem));
  if (!deps.visitCodes.hasRoom(good.length)) {
    const reserved = await deps.visitCodes.reserve(good.length);
    if (!reserved.ok) return reserved;
  }
  const placed = placeEvents(deps, visitor, good);
  const appended = await append(deps, batch, visitor, placed, bad);
  if (!appended.ok) return appended;
  const last = placed.at(-1);
  return ok({
    visitor,
    visit: last?.visit ?? null,
    visit_code: last?.visitCode ?? null,
    ...(bad.length > 0 && { rejected: bad.map(toRejection) }),
  });
}

function sortEvents(batch: Batch): { good: Event[]; bad: BadEvent[] } {
  const good: Event[] = [];
  const bad: BadEvent[] = [];
  for (let index = 0; index < batch.events.length; index += 1) {
    const raw = batch.events[index];
    const checked = checkEvent(raw, 'live', batch.receivedAtMs);
    if (checked.ok) good.push(checked.value);
    else bad.push({ index, raw, problem: checked.problem });
  }
  return { good, bad };
}

interface PlacedEvent {
  readonly event: Event;
  readonly visit: string;
  readonly visitCode: string;
}

function placeEvents(deps: TakeBatchDeps, visitor: string, events: readonly Event[]): PlacedEvent[] {
  return events.map((event) => {
    const visit = deps.currentVisits.visitOf(visitor, event);
    return { event, visit, visitCode: deps.visitCodes.codeOf(visit) };
  });
}

async function append(
  deps: TakeBatchDeps,
  batch: Batch,
  visitor: string,
  placed: readonly PlacedEvent[],
  bad: readonly BadEvent[],
): Promise<Result<void, AppendProblem>> {
  const { project, hasher } = deps;
  const { site, channelIn, receivedAtMs, address, userAgent } = batch;
  const context = { project, site, visitor, channelIn, receivedAtMs, address, userAgent, hasher };
  const lines = placed.map(({ event, visit, visitCode }) => toEventLine(event, context, visit, visitCode));
  if (bad.length === 0) return deps.spool.append('events', lines);
  const rejectedContext = { project, source: 'collect', entity: 'event', rejectedAtMs: receivedAtMs } as const;
  const badLines = bad.map(({ index, raw, problem }) =>
    toRejectedLine(raw, { ...problem, place: `events.${index}.${problem.place}` }, rejectedContext),
  );
  const [kept, refused] = await Promise.all([
    deps.spool.append('events', lines),
    deps.spool.append('rejected', badLines),
  ]);
  return kept.ok ? refused : kept;
}

const toRejection = ({ index, problem }: BadEvent) => ({
  index,
  reason: problem.reason,
  detail: problem.place === '' ? problem.detail : `${problem.place}: ${problem.detail}`,
});
