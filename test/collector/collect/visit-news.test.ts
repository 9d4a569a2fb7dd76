import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { CurrentVisits } from '../../../collector/collect/current-visits.ts';
import { createVisitCodes, type VisitCodes } from '../../../collector/collect/visit-codes.ts';
import type { GivenCode, RunningVisit } from '../../../collector/collect/visit-news.ts';

const minuteMs = 60_000;
const startMs = Date.parse('2026-03-01T10:00:00Z');
const visitor = randomUUID();
const at = (minutes: number) => ({ id: randomUUID(), ts: startMs + minutes * minuteMs });

/** Two processes; what they say is on its way until it is delivered. */
function pair<One extends { learn(news: News): void }, News>(create: (tell: (news: News) => void) => One) {
  const way: (() => void)[] = [];
  const first: One = create((news) => way.push(() => second.learn(news)));
  const second: One = create((news) => way.push(() => first.learn(news)));
  const deliver = (): number => {
    let count = 0;
    for (let next = way.shift(); next !== undefined; next = way.shift()) {
      next();
      count += 1;
    }
    return count;
  };
  return { first, second, deliver };
}

const twoOfVisits = () => pair<CurrentVisits, RunningVisit>((tell) => new CurrentVisits(tell));

async function twoOfCodes() {
  let blocks = 0;
  const take = async () => {
    blocks += 1;
    return { first: 1000 * blocks + 10_000, end: 1000 * blocks + 11_000 };
  };
  const two = pair<VisitCodes, GivenCode>((tell) => createVisitCodes({ take }, { tell }));
  await two.first.more();
  await two.second.more();
  return two;
}

test('a visit that one process named is the one of the other, as long as it runs in either', () => {
  const { first, second, deliver } = twoOfVisits();
  const visit = first.visitOf(visitor, at(0));
  deliver();
  expect(second.visitOf(visitor, at(5))).toBe(visit);
  for (let minutes = 10; minutes <= 60; minutes += 10) expect(first.visitOf(visitor, at(minutes))).toBe(visit);
  deliver();
  expect(second.visitOf(visitor, at(85))).toBe(visit);
  deliver();
  const next = second.visitOf(visitor, at(200));
  deliver();
  expect(next).not.toBe(visit);
  expect(first.visitOf(visitor, at(201))).toBe(next);
});

test('of two visits that began in two processes at once one goes on in both', () => {
  const { first, second, deliver } = twoOfVisits();
  const begun = [first.visitOf(visitor, at(0)), second.visitOf(visitor, at(0))];
  deliver();
  const [smaller] = begun.sort();
  expect([first.visitOf(visitor, at(1)), second.visitOf(visitor, at(1))]).toEqual([smaller, smaller]);
});

test('others hear of a visit once a minute at most, and nothing of visits that senders name', () => {
  const { first, deliver } = twoOfVisits();
  for (let second = 0; second < 59; second += 1)
    first.visitOf(visitor, { id: randomUUID(), ts: startMs + second * 1000 });
  expect(deliver()).toBe(1);
  first.visitOf(randomUUID(), { ...at(0), visit: randomUUID() });
  expect(deliver()).toBe(0);
});

test('a visit has one code in all processes, and uses up one', async () => {
  const { first, second, deliver } = await twoOfCodes();
  const visit = randomUUID();
  const code = first.codeOf(visit);
  deliver();
  expect(second.codeOf(visit)).toBe(code);
  expect(second.hasRoom(1000)).toBe(true);
});

test('of two codes given at once all tell one from then on', async () => {
  const { first, second, deliver } = await twoOfCodes();
  const visit = randomUUID();
  const [code] = [first.codeOf(visit), second.codeOf(visit)];
  deliver();
  expect([first.codeOf(visit), second.codeOf(visit)]).toEqual([code, code]);
  expect(deliver()).toBe(0);
});
