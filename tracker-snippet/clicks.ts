import { isHome, isListed, isOwn, linkParameter } from './addresses.ts';
import { linkMark } from './cross-domain.ts';
import { track } from './delivery.ts';
import { code, mayKeep, recall } from './kept.ts';
import { listen } from './safely.ts';
import { noteButton } from './submits.ts';
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

// What the site has put there itself is the site's; into a text the code is written once.
function withCode(known: string, parameter: string): string {
  if (parameter !== 'text') return known || code;
  return known.includes(code) ? known : `${known} № ${code}`.trim();
}

function follow(link: HTMLAnchorElement): void {
  const { href, hostname } = link;
  const url = new URL(href);
  const { searchParams } = url;
  const [, type, parameter] = kinds.find(([pattern]) => pattern.test(href)) || [];
  if (type || (/^http/.test(href) && !isOwn(hostname))) track(type || 'outbound', { props: { href } });
  recall();
  if (parameter && code) searchParams.set(parameter, withCode(searchParams.get(parameter) || '', parameter));
  if (isListed(hostname) && !isHome(hostname) && mayKeep()) searchParams.set(linkParameter, linkMark());
  // A link of the page is written anew only when something has been put into it.
  if (url.href !== href) link.href = url.href;
}

export function watchClicks(): void {
  listen('click auxclick', ({ target }) => {
    const element = target as Element;
    noteButton(element.closest('button,[type=submit],[type=button]'));
    const link = element.closest<HTMLAnchorElement>('a[href]');
    if (link) follow(link);
  });
}
