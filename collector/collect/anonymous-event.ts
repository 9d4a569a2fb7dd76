import { type AddressParameter, addressParameters } from '../../domain/channel/address-parameters.ts';
import { clickIds } from '../../domain/channel/click-ids.ts';
import { hostOfPath } from '../../domain/channel/places/paths.ts';
import type { Event } from '../../domain/event.ts';

const sourceMarks: ReadonlySet<string> = new Set(['utm_source', 'utm_medium', 'utm_campaign']);
const clickNames: ReadonlySet<string> = new Set(clickIds.map(({ name }) => name));

/** What is kept of an event of somebody who refused: enough to count a page and name its source, nothing that tells who it was. */
export const anonymousEvent = ({ id, type, ts, url, referrer }: Event): Event => ({
  id,
  type,
  ts,
  url: pageOf(url),
  referrer: siteOf(referrer),
  title: '',
});

/** The address of a page with its marks of source, wherever they stood; of a click id only that there is one. */
function pageOf(url: string): string {
  const [page = ''] = /^[^?#]*/.exec(url) ?? [];
  const marks = addressParameters(url).flatMap(keptMark);
  const withoutPassword = page.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/]*@/i, '$1');
  return marks.length === 0 ? withoutPassword : `${withoutPassword}?${marks.join('&')}`;
}

function keptMark({ name, written, value }: AddressParameter): string[] {
  if (sourceMarks.has(name)) return [written];
  return clickNames.has(name) && value !== '' ? [`${name}=1`] : [];
}

/** The site alone, or the service of it: other paths and searches say what somebody looked for. */
function siteOf(referrer: string): string {
  if (!URL.canParse(referrer)) return '';
  const { protocol, host, pathname } = new URL(referrer);
  const service = /^\/[^/]+/.exec(pathname)?.[0] ?? '';
  const isKnown = Object.hasOwn(hostOfPath, host.replace(/^www\./, '') + service);
  return host === '' ? '' : `${protocol}//${host}${isKnown ? service : '/'}`;
}
