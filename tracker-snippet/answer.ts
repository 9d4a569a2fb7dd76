import { tellWaiting } from './commands.ts';
import { config } from './config.ts';
import { writeCookie } from './cookie.ts';
import { code, learnIds, mayKeep } from './kept.ts';
import { numbers } from './more.ts';
import { refresh } from './refresh.ts';
import { warn } from './safely.ts';

/** What the collector answered to a batch it took; every field is as received. */
export interface Answer {
  visitor?: unknown;
  visit?: unknown;
  visit_code?: unknown;
  /** Events that were not taken, each with its reason. */
  rejected?: unknown;
  /** Telephone numbers of the page and those to show instead, in digits. */
  numbers?: Record<string, string>;
}

/** Takes up what the collector has told of a batch; without an answer it has not taken it. */
export function learn(body: string, answer: Answer | false): void {
  if (answer) {
    learnIds(body, answer);
    Object.assign(numbers, answer.numbers);
    if ('roistat' in config && mayKeep()) writeCookie('roistat_visit', code);
    if (answer.rejected) warn(JSON.stringify(answer.rejected));
  }
  tellWaiting();
  refresh();
}
