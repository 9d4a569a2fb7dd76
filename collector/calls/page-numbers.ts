import { isbot } from 'isbot';
import { cutText, maxChars } from '../../domain/event.ts';
import { BoundedMap } from '../bounded-map.ts';
import { isJsonObject } from '../collect/json-object.ts';
import type { Batch, BatchAnswer } from '../collect/take-batch.ts';
import { type CallNumbers, type NumberAsk, type ReplacedNumbers, withCountry } from './number-ask.ts';

const maxVisits = 20_000;

/** A page with where its visitor came from; without `referrer` when nobody told. */
type Landing = Pick<NumberAsk, 'url' | 'referrer'>;

/** Asks call tracking for the numbers of pages. Remembers the first page of each visit: the one that asks may come later, or in a later batch. */
export class PageNumbers {
  readonly #callNumbers: CallNumbers;
  readonly #landings = new BoundedMap<string, Landing>(maxVisits);

  constructor(callNumbers: CallNumbers) {
    this.#callNumbers = callNumbers;
  }

  /** What is to stand on the page of a batch that was taken; undefined when nothing is asked that anybody knows. Never rejects. */
  of(
    asked: readonly string[] | undefined,
    batch: Batch,
    answer: BatchAnswer,
  ): Promise<ReplacedNumbers | undefined> | undefined {
    const visit = answer.visit ?? undefined;
    const landing = this.#landingOf(batch.events, visit);
    const numbers = asked?.filter((number) => this.#callNumbers.replaced.has(withCountry(number))) ?? [];
    if (numbers.length === 0) return undefined;
    const visitor = visit === undefined ? undefined : (answer.visitor ?? batch.visitor);
    const ask = { site: batch.site, numbers, visit, visitor, isRobot: isbot(batch.userAgent), ...landing };
    return this.#callNumbers.numbersFor(ask).then(unlessEmpty);
  }

  #landingOf(events: readonly unknown[], visit: string | undefined): Landing {
    const known = visit === undefined ? undefined : this.#landings.get(visit);
    if (known !== undefined) return known;
    const ofVisit = events.filter(isJsonObject).filter((event) => isOf(event['visit'], visit));
    const first = ofVisit.find(({ type }) => type === 'pageview');
    if (first === undefined) return { url: address(ofVisit[0]?.['url']), referrer: undefined };
    const landing = { url: address(first['url']), referrer: address(first['referrer']) };
    if (visit !== undefined) this.#landings.set(visit, landing);
    return landing;
  }
}

const isOf = (named: unknown, visit: string | undefined): boolean =>
  typeof named !== 'string' || visit === undefined || named.toLowerCase() === visit;

const address = (value: unknown): string => (typeof value === 'string' ? cutText(value, maxChars.url) : '');

const unlessEmpty = (numbers: ReplacedNumbers): ReplacedNumbers | undefined =>
  Object.keys(numbers).length === 0 ? undefined : numbers;
