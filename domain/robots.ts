import { isbot } from 'isbot';
import { readClientHints } from './client-hints.ts';

/** Why a browser counts as a robot by what it says of itself; empty when it does not. */
export type RobotReason = 'user_agent' | 'headless' | '';

/** Browsers that programs drive say so of themselves. */
const headless = /headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress|\bjsdom\b|htmlunit/i;

/** Services that measure and picture pages with a browser, and that `isbot` does not know. */
const measuring = /GTmetrix|Miniature\.io\/|YLT Chrome|TSM-turingos/;

/**
 * What people's browsers say and `isbot` takes for robots: Sogou's browsers (its crawler is named alike), applications of Mail.ru (so is
 * its crawler), a phone named `M bot`, and what Facebook's application tells of a phone, all that it says and without a space.
 */
const likeRobots = /SogouMobileBrowser|SogouMSE|Sogou ?Explorer|\bmail\.ru\/[\d.]+|\bM bot\b|\[FBAN\/[^\]]*\]/gi;

/** Whether a User-Agent and the brands of the client hints name a robot. Of two mistakes, taking a person for a robot is the larger. */
export function robotReasonOf(userAgent: string, brands: readonly string[]): RobotReason {
  if (headless.test(userAgent) || brands.some((brand) => headless.test(brand))) return 'headless';
  return measuring.test(userAgent) || isbot(userAgent.replace(likeRobots, '')) ? 'user_agent' : '';
}

/** The same for the client hints as `raw_events` keeps them. */
export const namesRobot = (userAgent: string, clientHints = ''): boolean =>
  robotReasonOf(userAgent, readClientHints(clientHints).brands) !== '';
