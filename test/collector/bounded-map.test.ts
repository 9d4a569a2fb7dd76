import { expect, test } from 'vitest';
import { BoundedMap } from '../../collector/bounded-map.ts';

test('what is read again and again is kept while thousands of others pass', () => {
  const map = new BoundedMap<number, string>(10);
  map.set(-1, 'kept');
  for (let number = 0; number < 5000; number += 1) {
    map.set(number, 'other');
    if (number % 4 === 0) expect(map.get(-1)).toBe('kept');
  }
});

test('what was not used for a while is forgotten', () => {
  const map = new BoundedMap<number, string>(10);
  for (let number = 0; number < 100; number += 1) map.set(number, String(number));
  const known = Array.from({ length: 100 }, (_, number) => number).filter((number) => map.get(number) !== undefined);
  expect(known.length).toBeLessThanOrEqual(10);
  expect(known.slice(-5)).toEqual([95, 96, 97, 98, 99]);
});

test('a new value replaces the old one', () => {
  const map = new BoundedMap<string, number>(4);
  map.set('a', 1);
  map.set('a', 2);
  expect(map.get('a')).toBe(2);
});
