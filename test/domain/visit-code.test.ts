import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeVisitCode, maxVisitCounter, readVisitCode } from '../../domain/visit-code.ts';

const counter = fc.integer({ min: 1, max: maxVisitCounter });
const runs = { seed: 1, numRuns: 500 };

test('a code is read as it was given', () => {
  const property = fc.property(counter, (number) => {
    expect(readVisitCode(encodeVisitCode(number))).toBe(encodeVisitCode(number));
  });
  fc.assert(property, runs);
  expect(encodeVisitCode(maxVisitCounter)).toHaveLength(8);
});

test('every single wrong digit is caught', () => {
  const wrongOnce = (code: string): string[] =>
    [...code].flatMap((digit, place) =>
      [...'0123456789']
        .filter((other) => other !== digit)
        .map((other) => code.slice(0, place) + other + code.slice(place + 1)),
    );
  fc.assert(
    fc.property(counter, (number) => {
      const read = wrongOnce(encodeVisitCode(number)).map(readVisitCode);
      expect(read.filter((code) => code !== undefined)).toEqual([]);
    }),
    runs,
  );
});

test('every swap of neighbours is caught', () => {
  const swapped = (code: string): string[] =>
    [...code].flatMap((digit, place) => {
      const next = code[place + 1];
      if (next === undefined || next === digit) return [];
      return [code.slice(0, place) + next + digit + code.slice(place + 2)];
    });
  fc.assert(
    fc.property(counter, (number) => {
      const read = swapped(encodeVisitCode(number)).map(readVisitCode);
      expect(read.filter((code) => code !== undefined)).toEqual([]);
    }),
    runs,
  );
});

test('a code is read through the marks that people put around and into it', () => {
  const code = encodeVisitCode(12_345);
  for (const typed of [` ${code} `, `№ ${code}`, `#${code}`, `${code.slice(0, 3)}-${code.slice(3)}`, `00${code}`]) {
    expect(readVisitCode(typed)).toBe(code);
  }
});

test('what cannot be a code is none', () => {
  for (const typed of ['', '0', '000', 'code', '12a', '123456789', '-']) expect(readVisitCode(typed)).toBeUndefined();
});
