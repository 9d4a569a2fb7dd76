import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedMap } from '../../collector/bounded-map.ts';
import { CurrentVisits } from '../../collector/collect/current-visits.ts';
import { nowhere, RecentUuids, readUuidWords, uuidText } from '../../collector/recent-uuids.ts';
import { heapGrowth } from './support/heap-growth.ts';
import { uuid } from './support/test-collector.ts';

test('a UUID is the same after it was kept as numbers', () => {
  const words = new Uint32Array(6);
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(readUuidWords(id, words, 2)).toBe(true);
      expect(uuidText(words, 2)).toBe(id);
    }),
  );
});

test.each([
  '',
  'visitor',
  uuid(1).toUpperCase().replace('0', 'A'),
  uuid(1).replaceAll('-', '0'),
  `${uuid(1)}0`,
  uuid(1).replace(/0/, 'g'),
  uuid(1).replace(/0/, '\u{430}'),
])('%j is no UUID in lower case', (text) => {
  expect(readUuidWords(text, new Uint32Array(4), 0)).toBe(false);
});

describe('a table of recent UUIDs', () => {
  test('knows and forgets what a map of texts knows and forgets', () => {
    const keys = fc.oneof(fc.integer({ min: 0, max: 40 }).map(uuid), fc.constantFrom('no UUID', ''));
    const step = fc.record({ key: keys, value: fc.integer({ min: 1, max: 1_000_000 }), isRead: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 25 }), (steps, maxEntries) => {
        const table = new RecentUuids(maxEntries, 2);
        const map = new BoundedMap<string, number>(maxEntries);
        for (const { key, value, isRead } of steps) {
          const place = table.find(key);
          const known = map.get(key);
          const values = place === nowhere ? undefined : [...table.words.subarray(place, place + 2)];
          expect(values).toEqual(known === undefined ? undefined : [known, -known >>> 0]);
          if (isRead) continue;
          const kept = table.place(key);
          table.words.set([value, -value], kept);
          map.set(key, value);
        }
      }),
    );
  });

  test('gives a key that is new no value of one that was forgotten', () => {
    const table = new RecentUuids(4, 1);
    for (let key = 0; key < 100; key += 1) {
      const place = table.place(uuid(key));
      expect(table.words[place]).toBe(0);
      table.words[place] = 7;
    }
  });

  test('holds many visitors beside the heap, which is looked through again and again', () => {
    const visits = new CurrentVisits();
    const grownBytes = heapGrowth(() => {
      for (let number = 0; number < 50_000; number += 1)
        visits.visitOf(uuid(number), { id: uuid(number), visit: uuid(number), ts: 1_700_000_000_000 + number });
    });
    expect(visits.visitOf(uuid(49_999), { id: uuid(1), ts: 1_700_000_060_000 })).toBe(uuid(49_999));
    expect(grownBytes).toBeLessThan(1_000_000);
  });
});
