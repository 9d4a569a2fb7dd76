import { enqueue } from './delivery.ts';
import { pageReferrer } from './page-view.ts';
import { newUuid } from './uuid.ts';
import { continueVisit } from './visit.ts';
import type { EventFields, EventType, WireEvent } from './wire-event.ts';

/** Makes an event of this moment and hands it to delivery. */
export function track(type: EventType, fields: EventFields, url = location.href): void {
  const event: WireEvent = {
    id: newUuid(),
    type,
    ts: Date.now(),
    visit: continueVisit().id,
    url,
    referrer: pageReferrer(),
    title: document.title,
  };
  enqueue(Object.assign(event, fields));
}

/** Tells that a form was sent, or seen, that is no form of the document. */
export const trackForm = (type: EventType, id: string, name = ''): void =>
  track(type, { form: { id, name, page: location.href } });
