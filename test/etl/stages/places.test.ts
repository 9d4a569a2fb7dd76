import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findPlaces, type PlaceSettings, usualPlaces } from '../../../etl/stages/addresses/place-database.ts';
import { writePlaceFile } from './place-file.ts';
import { type Shop, useShops } from './shop.ts';

const openShop = useShops();
const at = '2026-03-01 10:00:00.000';
const from = (who: string, ip: string) => ({ who, at, more: { ip } });
const placesOf = (shop: Shop) =>
  shop.mart<Readonly<Record<string, string>>>('visits', 'country, region, city, data_centre', 'ALL');
const shopWith = (places?: PlaceSettings) => openShop(places ? { places } : {});

/** As GeoLite2 writes it. */
const kazan = {
  country: { iso_code: 'RU', names: { en: 'Russia', ru: 'Россия' } },
  subdivisions: [{ names: { en: 'Tatarstan', ru: 'Татарстан' } }],
  city: { names: { en: 'Kazan', ru: 'Казань' } },
};
const tatarstan = { country: 'RU', region: 'Татарстан', city: 'Казань', data_centre: '' };

test('visits have the place of their address and the cloud that it belongs to, touches the place, and a rebuild says the same', async () => {
  const shop = shopWith();
  await shop.events(
    from('in Moscow', '95.165.0.0'),
    from('in a cloud', '51.250.0.0'),
    from('by IPv6', '2a01:4f8::'),
    from('at home', '192.168.1.0'),
    from('nowhere', ''),
    from('no address', 'garbage'),
  );
  await shop.settle();
  expect(await placesOf(shop)).toEqual([
    ...Array.from({ length: 3 }, () => ({ country: '', region: '', city: '', data_centre: '' })),
    { country: 'DE', region: 'Bavaria', city: 'Nuremberg', data_centre: '' },
    { country: 'RU', region: 'Moscow', city: 'Moscow', data_centre: '' },
    { country: 'RU', region: 'Moscow', city: 'Moscow', data_centre: 'yandex-cloud' },
  ]);
  expect(await shop.mart('touches', 'country, city', 'country, city')).toHaveLength(6);
  const before = await shop.mart('visits');
  await shop.rebuild();
  expect(await shop.mart('visits')).toEqual(before);
});

test('a file of the shop goes before that of the package, in the language that the shop wants', async () => {
  const database = writePlaceFile(kazan);
  const shop = shopWith({ database, language: 'ru' });
  await shop.events(from('in Moscow', '95.165.0.0'));
  await shop.settle();
  expect(await placesOf(shop)).toEqual([tatarstan]);
  await shop.rebuild({ places: { database, language: 'en' } });
  expect(await placesOf(shop)).toEqual([{ ...tatarstan, region: 'Tatarstan', city: 'Kazan' }]);
});

test('a language that the file does not have is English', async () => {
  const shop = shopWith({ database: writePlaceFile(kazan), language: 'de' });
  await shop.events(from('in Moscow', '95.165.0.0'));
  await shop.settle();
  expect(await placesOf(shop)).toMatchObject([{ city: 'Kazan' }]);
});

test('nothing is looked up when it is switched off', async () => {
  const shop = shopWith({ database: 'off', language: 'en' });
  await shop.events(from('in a cloud', '51.250.0.0'));
  await shop.settle();
  expect(await placesOf(shop)).toEqual([{ country: '', region: '', city: '', data_centre: 'yandex-cloud' }]);
});

test('a file that is gone stops the run with the cure', async () => {
  const database = writePlaceFile(kazan);
  rmSync(database);
  const shop = shopWith({ database, language: 'ru' });
  await shop.events(from('in Moscow', '95.165.0.0'));
  await expect(shop.settle()).rejects.toThrow(/cannot be read: ENOENT.*Put the file back, or change geo\.database/);
});

test('questions at once and one after another each get their own places', async () => {
  const settings = { database: writePlaceFile(kazan), language: 'en' };

  const [own, packaged, none] = await Promise.all([
    findPlaces(['95.165.0.0', '8.8.8.0'], settings),
    findPlaces(['95.165.0.0'], usualPlaces),
    findPlaces([], settings),
  ]);
  expect([own.map(({ city }) => city), packaged.map(({ city }) => city), none]).toEqual([
    ['Kazan', 'Kazan'],
    ['Moscow'],
    [],
  ]);
  expect(await findPlaces(['5.255.255.0'], usualPlaces)).toEqual([{ country: 'RU', region: 'Moscow', city: 'Moscow' }]);
});
