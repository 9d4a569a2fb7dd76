import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AskedNumbers } from '../../app/runtime/asked-numbers.ts';
import type { WorkerNews } from '../../app/runtime/worker-messages.ts';
import { askOf, settingsOf, shopNumber, staticPool } from '../collector/calls/tracking.ts';

const shown = { [shopNumber]: '74990000001' };
/** Questions that came to the main process. */
let questions: number[];
let numbers: AskedNumbers;

beforeEach(() => {
  vi.useFakeTimers();
  questions = [];
  numbers = new AskedNumbers(settingsOf(staticPool('74990000001')), (news: WorkerNews) => {
    if (news.kind === 'numbers_wanted') questions.push(news.question);
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test('while the main process stands still one page waits for its numbers; the others are asked for again as soon as it answers', async () => {
  const first = numbers.numbersFor(askOf('a'));
  vi.advanceTimersByTime(1000);
  expect(await first).toEqual({});
  expect(await numbers.numbersFor(askOf('b'))).toEqual({});
  expect(questions).toEqual([1]);
  numbers.answer(1, shown);
  const later = numbers.numbersFor(askOf('c'));
  expect(questions).toEqual([1, 2]);
  numbers.answer(2, shown);
  expect(await later).toEqual(shown);
});

test('a main process that never answered is asked again after a while', async () => {
  const first = numbers.numbersFor(askOf('a'));
  vi.advanceTimersByTime(1000);
  expect(await first).toEqual({});
  vi.advanceTimersByTime(5000);
  const later = numbers.numbersFor(askOf('b'));
  numbers.answer(2, shown);
  expect(await later).toEqual(shown);
});

test('a crowd keeps its own numbers: each page that waits is in memory', async () => {
  const crowd = Array.from({ length: 600 }, (_, index) => numbers.numbersFor(askOf(`visit ${index}`)));
  expect(questions).toHaveLength(500);
  for (const question of questions) numbers.answer(question, shown);
  const answers = await Promise.all(crowd);
  expect(answers.filter((answer) => shopNumber in answer)).toHaveLength(500);
});
