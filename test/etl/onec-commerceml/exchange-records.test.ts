import { expect, test } from 'vitest';
import { contactHasher } from '../../../domain/contact.ts';
import { type ExchangeRecords, exchangeRecords } from '../../../etl/sources/onec-commerceml/exchange-records.ts';
import { file, fixture, type Imported, importBytes, importFile, order, requisites } from './exchange.ts';

const hasher = contactHasher('secret');
const recordsOf = (imported: Imported, fetchedAtMs = 0): ExchangeRecords =>
  exchangeRecords(imported.rows, { project: 'shop', hasher, fetchedAtMs });

test('raw records hold hashes of the contacts and neither name, phone, e-mail nor comment', async () => {
  const { records, rejected } = recordsOf(await importFile(fixture('site-orders-2.05.xml')));
  expect(rejected).toEqual([]);
  expect(records.map((record) => `${record.entity} ${record.record_id}`)).toEqual([
    'deal 10231',
    'stage 10231:2026-01-11T15:45:21.000Z',
    'payment 10231:paid',
  ]);
  expect(JSON.parse(records[0]?.record ?? '')).toMatchObject({
    client_id: '311',
    phone_hashes: [hasher.phone('+79120001122')],
    email_hashes: [hasher.email('anna@example.com')],
  });
  const stored = JSON.stringify(records);
  for (const secret of ['Анна', 'Смирнова', 'xample.com', '912', 'buyer#', 'Позвоните'])
    expect(stored).not.toContain(secret);
  expect(stored).toContain('Кресло');
});

test('a version is as old as its file, so an older file that comes later does not win', async () => {
  const sent = async (date: string, status: string) => {
    const text = file(order(requisites({ 'Статус заказа': status })), `ДатаФормирования="${date}"`);
    return recordsOf(await importBytes(text), Date.UTC(2026, 11, 1)).records[0];
  };
  const newer = await sent('2026-01-12T10:00:00', 'Выполнен');
  const older = await sent('2026-01-11T10:00:00', 'Новый');
  expect(Date.parse(newer?.version_at ?? '')).toBeGreaterThan(Date.parse(older?.version_at ?? ''));
  expect(newer?.record_version).not.toBe(older?.record_version);
});

test('a file whose clock runs ahead is as new as its arrival', async () => {
  const [row] = (await importBytes(file(order(), 'ДатаФормирования="2031-01-01T00:00:00"'))).rows;
  expect(row?.mapped).toMatchObject({ versionAt: '2026-12-01T00:00:00.000Z' });
});

test('a file without a date is as new as its arrival', async () => {
  const { records } = recordsOf(await importBytes(file(order(), '')), Date.UTC(2026, 5, 1));
  expect(records[0]?.version_at).toBe('2026-06-01T00:00:00.000Z');
});

test('an order told twice in a file stays as it was told last', async () => {
  const { records } = recordsOf(await importBytes(file(order() + order('', { Сумма: '900' }))));
  expect(records.map((record) => JSON.parse(record.record).amount)).toEqual(['900']);
});

test('a record that does not fit our shape is rejected with its place and its payload', async () => {
  const { records, rejected } = recordsOf(await importBytes(file(order('', { Ид: 'x'.repeat(300) }))));
  expect(records).toEqual([]);
  expect(rejected[0]?.problem).toMatchObject({ reason: 'invalid_record' });
  expect(rejected[0]?.payload).toMatchObject({ Номер: '500' });
});
