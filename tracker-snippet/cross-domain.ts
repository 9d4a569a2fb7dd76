import { hostOf, isLinked, linkParameter } from './campaign.ts';
import { signatureOf } from './clicks.ts';
import { isUuid } from './uuid.ts';
import { keepVisit } from './visit.ts';
import { keepVisitor } from './visitor.ts';

const validSeconds = 600;

/** Takes up the visitor and the visit that a link of another domain of the shop has brought, and takes them out of the address. */
export function takeOver(): void {
  const url = new URL(location.href);
  const carried = url.searchParams.get(linkParameter);
  if (!carried) return;
  url.searchParams.delete(linkParameter);
  history.replaceState(history.state, '', url.href);
  const [visitor = '', visit = '', seconds = '', signature] = carried.split('.');
  const age = Date.now() / 1000 - Number.parseInt(seconds, 36);
  const isGenuine = signature === signatureOf(`${visitor}.${visit}.${seconds}`) && Math.abs(age) < validSeconds;
  if (isGenuine && isUuid(visitor) && isUuid(visit) && isLinked(hostOf(document.referrer))) {
    keepVisitor(visitor);
    keepVisit(visit, '');
  }
}
