import { expect, test } from 'vitest';
import { BoundedMap } from '../../collector/bounded-map.ts';
import { heapGrowth } from './support/heap-growth.ts';

test('what is read again and again is kept while thousands of others pass', () => {
  const map = new BoundedMap<string, string>(10);
  map.set('first', 'kept');
  for (let number = 0; number < 5000; number += 1) {
    map.set(String(number), 'other');
    if (number % 4 === 0) expect(map.get('first')).toBe('kept');
  }
});

test('what was not used for a while is forgotten', () => {
  const map = new BoundedMap<string, string>(10);
  for (let number = 0; number < 100; number += 1) map.set(String(number), 'other');
  const known = Array.from({ length: 100 }, (_, number) => number).filter(
    (number) => map.get(String(number)) !== undefined,
  );
  expect(known.length).toBeLessThanOrEqual(10);
  expect(known.slice(-5)).toEqual([95, 96, 97, 98, 99]);
});

test('a new value replaces the old one', () => {
  const map = new BoundedMap<string, number>(4);
  map.set('a', 1);
  map.set('a', 2);
  expect(map.get('a')).toBe(2);
});

test('a key that was cut from a long text does not keep it in memory', () => {
  const map = new BoundedMap<string, true>(2000);
  const header = (number: number): string => `${number}=${'x'.repeat(8000)}; id=${'visitor'.repeat(3)}${number}`;
  const grownBytes = heapGrowth(() => {
    for (let number = 0; number < 1000; number += 1) map.set(header(number).split('id=')[1] ?? '', true);
  });
  expect(map.get(`${'visitor'.repeat(3)}7`)).toBe(true);
  expect(grownBytes).toBeLessThan(1_000_000);
});
