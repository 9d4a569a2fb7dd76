import { cutText, maxChars } from '../../domain/event.ts';
import { namesRobot } from '../../domain/robots.ts';
import { BoundedMap } from '../bounded-map.ts';
import { isJsonObject } from '../collect/json-object.ts';
import type { Batch, BatchAnswer } from '../collect/take-batch.ts';
import { type CallNumbers, type ReplacedNumbers, withCountry } from './number-ask.ts';

const maxBrowsers = 1000;
/** At most so many numbers of a page are replaced. */
const maxReplaced = 10;

/** Asks call tracking for the numbers of pages, and tells it what the pages that begin visits say of their source. */
export class PageNumbers {
  readonly #callNumbers: CallNumbers;
  /** By what browsers say of themselves: many say the same, and it is compared with a long list. */
  readonly #robots = new BoundedMap<string, boolean>(maxBrowsers);

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
    const events = batch.events.filter(isJsonObject).filter((event) => isOf(event['visit'], visit));
    const pools = this.#poolsOfPages(events);
    if (visit !== undefined && pools !== undefined) this.#callNumbers.visitBegan(visit, pools);
    const known = asked?.filter((number) => this.#callNumbers.replaced.has(withCountry(number))) ?? [];
    if (known.length === 0) return undefined;
    const numbers = known.slice(0, maxReplaced);
    const ask = {
      site: batch.site,
      numbers,
      visit,
      visitor: visit === undefined ? undefined : (answer.visitor ?? batch.visitor),
      pools: pools ?? this.#callNumbers.landingPools(address(events[0]?.['url']), undefined),
      countedAs: batch.countedAs,
      isRobot: this.#isRobot(batch),
    };
    return this.#callNumbers.numbersFor(ask).then(unlessEmpty);
  }

  #isRobot({ userAgent, clientHints }: Batch): boolean {
    const browser = `${userAgent}\n${clientHints}`;
    const known = this.#robots.get(browser);
    if (known !== undefined) return known;
    const isRobot = namesRobot(userAgent, clientHints);
    this.#robots.set(browser, isRobot);
    return isRobot;
  }

  /** Only a page view comes from somewhere. */
  #poolsOfPages(events: readonly Readonly<Record<string, unknown>>[]): readonly string[] | undefined {
    for (const { type, url, referrer } of events) {
      const pools = type === 'pageview' ? this.#callNumbers.landingPools(address(url), address(referrer)) : undefined;
      if (pools !== undefined) return pools;
    }
    return undefined;
  }
}

const isOf = (named: unknown, visit: string | undefined): boolean =>
  typeof named !== 'string' || visit === undefined || named.toLowerCase() === visit;

const address = (value: unknown): string => (typeof value === 'string' ? cutText(value, maxChars.url) : '');

const unlessEmpty = (numbers: ReplacedNumbers): ReplacedNumbers | undefined =>
  Object.keys(numbers).length === 0 ? undefined : numbers;
