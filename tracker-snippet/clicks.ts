import { hash, isLinked, isOwn, linkParameter } from './campaign.ts';
import { visitCode } from './fields.ts';
import { listen } from './safely.ts';
import { noteButton } from './submits.ts';
import { track } from './track.ts';
import { continueVisit } from './visit.ts';
import { visitorId } from './visitor.ts';
import type { EventType } from './wire-event.ts';

/** Links by their address, the event each makes, and the parameter that takes the visit code to a messenger. */
const kinds: [RegExp, EventType, string?][] = [
  [/^tel:/, 'call_click'],
  [/^mailto:/, 'mail_click'],
  [/\/(t|telegram)\.me\/|^tg:/, 'messenger_click', 'start'],
  [/\/vk\.(me|com\/im)/, 'messenger_click', 'ref'],
  [/\/wa\.me\/|whatsapp|^viber/, 'messenger_click', 'text'],
  [/\.(pdf|docx?|xlsx?|zip)$/, 'download'],
];

/** Signs with what the same browser can tell again on the other domain. */
export const signatureOf = (text: string): string => hash(text + navigator.userAgent);

// What the site has put there itself is the site's; into a text the code is written once.
function withCode(known: string, code: string, isText: boolean): string {
  if (!isText) return known || code;
  return known.includes(code) ? known : `${known} № ${code}`.trim();
}

function follow(link: HTMLAnchorElement): void {
  const { href, hostname } = link;
  const url = new URL(href);
  const { searchParams } = url;
  const [, type, parameter] = kinds.find(([pattern]) => pattern.test(href)) || [];
  if (type || (/^http/.test(href) && !isOwn(hostname))) track(type || 'outbound', { props: { href } });
  const code = visitCode();
  if (parameter && code)
    searchParams.set(parameter, withCode(searchParams.get(parameter) || '', code, parameter === 'text'));
  if (FULL && isLinked(hostname)) {
    const ids = [visitorId(), continueVisit().id, ((Date.now() / 1000) | 0).toString(36)].join('.');
    searchParams.set(linkParameter, `${ids}.${signatureOf(ids)}`);
  }
  // A link of the page is written anew only when something has been put into it.
  if (url.href !== href) link.href = url.href;
}

export function watchClicks(): void {
  listen('click auxclick', ({ target }) => {
    const element = target as Element;
    noteButton(element.closest('button,a,[type=submit],[type=button]'));
    const link = element.closest<HTMLAnchorElement>('a[href]');
    if (link) follow(link);
  });
}
