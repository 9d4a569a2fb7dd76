import { isHome, isListed, isOwn, linkParameter } from './addresses.ts';
import { linkMark } from './cross-domain.ts';
import { track } from './delivery.ts';
import { code, mayKeep, recall } from './kept.ts';
import { listen } from './safely.ts';
import { noteButton } from './submits.ts';
import type { EventType } from './wire-event.ts';

/** Links by their address without `https://www.`, the event each makes, and the parameter that takes the visit code to a messenger. */
const kinds: [RegExp, EventType, string?][] = [
  [/^tel:/i, 'call_click'],
  [/^mailto:/i, 'mail_click'],
  // What is shared goes to friends of the visitor, who are others.
  [/^(t|telegram)\.me\/(?!share)|^tg:/, 'messenger_click', 'start'],
  [/^vk\.(me|com\/im\b)/, 'messenger_click', 'ref'],
  [/^wa\.me\/\d|^\w+\.whatsapp.*phone|^whatsapp:|^viber:/, 'messenger_click', 'text'],
  [/\.(pdf|docx?|xlsx?|csv|zip|rar)(\?|$)/i, 'download'],
];

// What the site has put there itself is the site's; into a text the code is written once.
const withCode = (known: string, parameter: string): string =>
  parameter === 'text' && !known.includes(code) ? `${known} № ${code}`.trim() : known || code;

function follow(link: HTMLAnchorElement): void {
  const { href, hostname } = link;
  const url = new URL(href);
  const { searchParams } = url;
  const place = href.replace(/^https?:\/\/(www\.)?/, '');
  const [, type, parameter] = kinds.find(([pattern]) => pattern.test(place)) || [];
  if (type || (place !== href && !isOwn(hostname))) track(type || 'outbound', { props: { href } });
  recall();
  if (parameter && code) searchParams.set(parameter, withCode(searchParams.get(parameter) || '', parameter));
  if (isListed(hostname) && !isHome(hostname) && mayKeep()) searchParams.set(linkParameter, linkMark());
  // A link of the page is written anew only when something has been put into it.
  if (url.href !== href) link.href = url.href;
}

export function watchClicks(): void {
  listen<MouseEvent>('click auxclick', (event) => {
    // Whoever asks for the menu of a link does not follow it.
    if (event.button > 1) return;
    // Widgets keep their links in a shadow root.
    const element = event.composedPath()[0] as Element;
    noteButton(element.closest('button,[type=submit],[type=button]'));
    const link = element.closest<HTMLAnchorElement>('a[href]');
    if (link) follow(link);
  });
}
