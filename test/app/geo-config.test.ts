import { expect, test } from 'vitest';
import { parseConfig } from '../../app/config/load-config.ts';
import { stageRules } from '../../app/runtime/stage-rules.ts';

const placesOf = (yaml: string) => stageRules(parseConfig(yaml, 'throughline.config.yaml', {})).places;

test('places come from the file of the product, from one of the shop, or from none', () => {
  expect(placesOf('project: shop')).toEqual({ database: 'package', language: 'en' });
  expect(placesOf(`geo: { database: ${import.meta.filename}, language: ru }`)).toEqual({
    database: import.meta.filename,
    language: 'ru',
  });
  expect(placesOf('geo: { database: false }')).toEqual({ database: 'off', language: 'en' });
});

test('a file of places that is not there is refused with its place and the cure', () => {
  expect(() => placesOf('geo: { database: /nowhere/places.mmdb }')).toThrow(/geo\.database.*no such file/s);
});
