import crawlers from 'crawler-user-agents';
import { isbot } from 'isbot';

/** Why a text or a browser counts as a robot; empty when it does not. */
export type BotReason = 'user_agent' | 'headless' | 'behaviour' | '';

/** Browsers that programs drive say so of themselves. */
const headless = /headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress|\bjsdom\b|htmlunit/i;

let pattern: RegExp | undefined;

/** Joined at the first question: compiling some hundred patterns takes milliseconds, and not every process asks. */
const crawlerPattern = (): RegExp =>
  (pattern ??= new RegExp(crawlers.map((crawler) => `(?:${crawler.pattern})`).join('|')));

/** Whether a User-Agent and the brands of the client hints name a robot. */
export function botReasonOf(userAgent: string, brands: readonly string[]): Exclude<BotReason, 'behaviour'> {
  if (headless.test(userAgent) || brands.some((brand) => headless.test(brand))) return 'headless';
  return isbot(userAgent) || crawlerPattern().test(userAgent) ? 'user_agent' : '';
}
