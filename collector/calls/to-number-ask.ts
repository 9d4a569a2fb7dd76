import { isbot } from 'isbot';
import { cutText, maxChars } from '../../domain/event.ts';
import { isJsonObject } from '../collect/json-object.ts';
import type { Envelope } from '../collect/read-envelope.ts';
import type { Batch, BatchAnswer } from '../collect/take-batch.ts';
import { type CallNumbers, type NumberAsk, withCountry } from './number-ask.ts';

/** What a batch asks of call tracking; undefined when nothing that it could know. */
export function toNumberAsk(
  callNumbers: CallNumbers,
  { numbers = [] }: Envelope,
  batch: Batch,
  answer: BatchAnswer,
): NumberAsk | undefined {
  const known = numbers.filter((number) => callNumbers.replaced.has(withCountry(number)));
  if (known.length === 0) return undefined;
  const visit = answer.visit ?? undefined;
  return {
    site: batch.site,
    numbers: known,
    visit,
    visitor: visit === undefined ? undefined : (answer.visitor ?? batch.visitor),
    isRobot: isbot(batch.userAgent),
    ...landingOf(batch.events, visit),
  };
}

/** The page that the visit began with as far as the batch knows: its first page view, or else the page of its first event. */
function landingOf(events: readonly unknown[], visit: string | undefined): { url: string; referrer: string } {
  const ofVisit = events.filter(isJsonObject).filter((event) => isOf(event['visit'], visit));
  const landing = ofVisit.find(({ type }) => type === 'pageview') ?? ofVisit[0];
  return { url: address(landing?.['url']), referrer: address(landing?.['referrer']) };
}

const isOf = (named: unknown, visit: string | undefined): boolean =>
  typeof named !== 'string' || visit === undefined || named.toLowerCase() === visit;

const address = (value: unknown): string => (typeof value === 'string' ? cutText(value, maxChars.url) : '');
