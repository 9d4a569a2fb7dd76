/** A request as its browser or source tells it. */
export interface ToldRequest {
  readonly leadId: string;
  readonly clientId: string;
  /** `tracker`, or the source. */
  readonly source: string;
  readonly kind: string;
  readonly atMs: number;
  /** Empty when it has none that tells orders apart. */
  readonly orderId: string;
  /** Request that its browser or source says it repeats; empty when none. */
  readonly toldToRepeat: string;
  /** Creation of the person's newest deal before it; undefined when there is none. */
  readonly dealBeforeMs: number | undefined;
}

const minuteMs = 60_000;
/** Clocks of sites and CRMs differ by up to this. */
const clocksMs = 5 * minuteMs;
/** A CRM that is joined to the site takes a request down within this. */
const soonMs = 60 * minuteMs;
/** Somebody types a form into the CRM within this. */
const byHandMs = 7 * 24 * 60 * minuteMs;

/**
 * Finds which requests repeat others. Pure; the order of the requests changes nothing. Expects all requests of each person. Returns, of
 * each request that repeats one, the request that counts for it.
 */
export function findRepeats(requests: readonly ToldRequest[]): Map<string, string> {
  const originals = originalsOf(requests);
  const taken = new Map<string, ToldRequest>();
  for (const ofPerson of byPerson(requests))
    for (const [lead, hit] of takenDown(ofPerson, originals)) taken.set(lead.leadId, originalOf(originals, hit));
  return new Map(
    requests.flatMap((request) => {
      const original = originalOf(originals, request);
      const counting = taken.get(original.leadId) ?? original;
      return counting === request ? [] : [[request.leadId, counting.leadId] as const];
    }),
  );
}

type Originals = ReadonlyMap<string, ToldRequest>;

const originalOf = (originals: Originals, request: ToldRequest): ToldRequest =>
  originals.get(request.leadId) ?? request;

/** The end of the chain of what each is told to repeat: one that repeats nothing that is there, or the earliest of those that repeat each other. */
function originalsOf(requests: readonly ToldRequest[]): Map<string, ToldRequest> {
  const byId = new Map(requests.map((request) => [request.leadId, request]));
  const originals = new Map<string, ToldRequest>();
  for (const request of requests) {
    const way = new Set<ToldRequest>();
    let end = request;
    while (!originals.has(end.leadId) && !way.has(end)) {
      way.add(end);
      end = byId.get(end.toldToRepeat) ?? end;
    }
    const original = originals.get(end.leadId) ?? earliestFrom([...way], end);
    for (const passed of way) originals.set(passed.leadId, original);
  }
  return originals;
}

/** Of the part of the way that goes in a circle. */
const earliestFrom = (way: readonly ToldRequest[], start: ToldRequest): ToldRequest =>
  way.slice(way.indexOf(start)).reduce((first, next) => (inTime(next, first) < 0 ? next : first), start);

const inTime = (a: ToldRequest, b: ToldRequest): number => a.atMs - b.atMs || (a.leadId < b.leadId ? -1 : 1);

function byPerson(requests: readonly ToldRequest[]): Iterable<ToldRequest[]> {
  const persons = new Map<string, ToldRequest[]>();
  for (const request of requests) {
    const ofPerson = persons.get(request.clientId);
    if (ofPerson) ofPerson.push(request);
    else persons.set(request.clientId, [request]);
  }
  return persons.values();
}

/** Requests that a lead of a CRM was made of. */
interface Used {
  readonly hits: Set<ToldRequest>;
  /** What they count as. */
  readonly originals: Set<ToldRequest>;
}

/** The leads of a CRM of one person, each with the request of a browser or another source that it was made of. In the order of time each takes the nearest that is free. */
function takenDown(requests: readonly ToldRequest[], originals: Originals): Map<ToldRequest, ToldRequest> {
  const leads = requests.filter((request) => request.kind === 'crm' && originalOf(originals, request) === request);
  const hits = requests.filter((request) => request.kind !== 'crm' && originalOf(originals, request).kind !== 'crm');
  const pairs = new Map<ToldRequest, ToldRequest>();
  const used: Used = { hits: new Set(), originals: new Set() };
  for (const lead of leads.sort(inTime)) {
    const hit = nearest(lead, hits, originals, used);
    if (hit === undefined) continue;
    pairs.set(lead, hit);
    used.hits.add(hit);
    used.originals.add(originalOf(originals, hit));
  }
  return pairs;
}

function nearest(
  lead: ToldRequest,
  hits: readonly ToldRequest[],
  originals: Originals,
  used: Used,
): ToldRequest | undefined {
  let best: { hit: ToldRequest; rank: number } | undefined;
  for (const hit of hits) {
    const isUntouched = originalOf(originals, hit) === hit && !used.originals.has(hit);
    const rank = hasItsOrder(lead, hit) ? 0 : used.hits.has(hit) ? never : rankInTime(lead, hit, isUntouched);
    if (rank === never) continue;
    if (best === undefined || rank < best.rank || (rank === best.rank && isNearer(lead, hit, best.hit)))
      best = { hit, rank };
  }
  return best?.hit;
}

const hasItsOrder = (lead: ToldRequest, hit: ToldRequest): boolean =>
  hit.kind === 'cart' && hit.orderId !== '' && hit.orderId === lead.orderId;

const never = Number.POSITIVE_INFINITY;

/** Soon before the lead, else after it by clocks that differ, else a form that nothing came of yet. */
function rankInTime(lead: ToldRequest, hit: ToldRequest, isUntouched: boolean): number {
  const isOfOtherOrder = lead.orderId !== '' && hit.orderId !== '' && lead.orderId !== hit.orderId;
  if (isOfOtherOrder || hit.source === lead.source) return never;
  const agoMs = lead.atMs - hit.atMs;
  if (agoMs >= 0 && agoMs <= soonMs) return 1;
  if (agoMs < 0 && agoMs >= -clocksMs) return 2;
  const wasDealMade = (lead.dealBeforeMs ?? Number.NEGATIVE_INFINITY) >= hit.atMs - clocksMs;
  return agoMs > 0 && agoMs <= byHandMs && hit.kind === 'form' && isUntouched && !wasDealMade ? 3 : never;
}

function isNearer(lead: ToldRequest, hit: ToldRequest, than: ToldRequest): boolean {
  const nearer = Math.abs(lead.atMs - hit.atMs) - Math.abs(lead.atMs - than.atMs);
  return nearer < 0 || (nearer === 0 && inTime(hit, than) < 0);
}
