import type { Arrival } from './campaigns.ts';
import { site, userAgents } from './catalogue.ts';
import type { Device, Person, Visit } from './model.ts';
import type { World } from './world.ts';

/** User-Agent of whoever performs a journey. */
export const journeyAgent = userAgents[0]?.[0]?.text ?? '';

/** What the ledger is told of a journey while it goes on. */
export interface JourneyRecord {
  /** Begins a visit with its landing page at an instant of the browser's clock. */
  begin(arrival: Arrival, at: number): void;
  pageview(path: string, at: number): void;
  /** The order that the shop has just taken was told at this instant of the browser's clock: the ledger counts from the event. */
  requested(at: number): void;
  finish(): void;
}

export function createRecord(world: World, person: Person): JourneyRecord {
  const device: Device = { visitorId: person.id, kind: 'desktop', userAgent: journeyAgent };
  let visit: Visit | undefined;
  let count = 0;
  const finish = (): void => {
    if (visit) world.live.changes.push({ kind: 'visit', value: visit });
    visit = undefined;
  };
  return {
    begin: (arrival, at) => {
      finish();
      visit = {
        id: `${person.id}-v${count++}`,
        personId: person.id,
        device,
        startedAt: at,
        source: arrival.source,
        hits: [],
        landingPath: '/',
        isBot: false,
        deliveries: 0,
      };
    },
    pageview: (path, at) => {
      if (!visit) throw new Error('a journey begins with an arrival');
      const url = `http://${site.host}${path}`;
      const id = `${visit.id}-${visit.hits.length}`;
      visit.hits.push({ id, type: 'pageview', at, trackerVisit: visit.id, url, referrer: '', title: '' });
    },
    requested: (at) => {
      const request = world.live.requests.pop();
      if (request) world.live.requests.push({ ...request, at });
    },
    finish,
  };
}
