import { tellWaiting } from './commands.ts';
import { learnIds } from './kept.ts';
import { refresh } from './refresh.ts';
import { warn } from './safely.ts';
import { numbers } from './shared.ts';
import type { Answer } from './wire-event.ts';

/** Takes up what the collector has told of a batch; without an answer it has not taken it. */
export function learn(body: string, answer: Answer | false): void {
  if (answer) {
    learnIds(body, answer);
    Object.assign(numbers, answer.numbers);
    if (answer.rejected) warn(JSON.stringify(answer.rejected));
  }
  tellWaiting();
  refresh();
}
