import { describe, expect, test } from 'vitest';
import { orders } from '../../../etl/sources/onec-odata/streams.ts';
import { onecBase } from '../../fixtures/sources/1c-odata/base.ts';
import { guid, order, tradeBase } from '../../fixtures/sources/1c-odata/shop.ts';
import { dealsOf, type ReadBase, type ReadOptions, readBase } from './read-base.ts';

const entity = 'Document_ЗаказКлиента';
const filled = (documents = [order(1, '2026-01-05T10:00:00', 100)]) => {
  const base = tradeBase();
  base.put(entity, ...documents);
  return base;
};
const read = (options: ReadOptions, base = filled()) => readBase((request) => base.answer(request), orders, options);

const queriesOf = ({ requests }: ReadBase) =>
  requests.filter(({ path }) => path.endsWith(entity)).map(({ query }) => query);
const isOfDocuments = (query: URLSearchParams): boolean => query.get('$select')?.includes('СуммаДокумента') ?? false;
/** Spans of dates of which documents were read, and of which keys. */
const spansOf = (result: ReadBase): string[] =>
  queriesOf(result)
    .filter(isOfDocuments)
    .map((query) => (query.get('$filter') ?? '').replaceAll(/Date (ge|lt) datetime'(.{10})T00:00:00'/g, '$1 $2'));
const scansOf = (result: ReadBase): number => queriesOf(result).filter((query) => !isOfDocuments(query)).length;
const idsOf = (result: ReadBase) => dealsOf(result).map(({ id }) => id);

describe('the first reading', () => {
  const old = () =>
    filled([
      order(1, '2003-12-31T23:59:59', 100),
      order(2, '2026-01-05T10:00:00', 100),
      order(3, '2025-11-05T10:00:00', 100),
      order(4, '2026-01-05T10:00:00', 100),
    ]);

  test('tells every document once, by months, the newest first', async () => {
    const first = await read({}, old());
    expect(spansOf(first)).toEqual([
      'ge 2026-01-01 and lt 2026-02-01',
      'ge 2025-11-01 and lt 2025-12-01',
      'ge 2003-12-01 and lt 2004-01-01',
    ]);
    expect(idsOf(first)).toEqual([2, 4, 3, 1].map(guid));
  });

  test('goes on from the month where it was cut off, and reads again what has changed meanwhile', async () => {
    const base = old();
    let position = '';
    let isCut = false;
    const failure = await readBase(
      (request) => {
        isCut ||= request.query.get('$filter')?.includes('2003') ?? false;
        return isCut ? { status: 400, body: 'no' } : base.answer(request);
      },
      orders,
      {
        onCursor: (cursor) => {
          position = cursor;
        },
      },
    ).catch((error) => error);
    expect(failure).toMatchObject({ kind: 'bad_data' });
    base.put(entity, order(3, '2025-11-05T10:00:00', 300, { DataVersion: 'BBBB' }));
    const rest = await read({ cursor: position }, base);
    expect(idsOf(rest)).toEqual([3, 1].map(guid));
    expect(spansOf(await read({ cursor: rest.cursor }, base))).toEqual(['ge 2025-12-06']);
  });

  test('is not made shorter by --since', async () => {
    expect(idsOf(await read({ since: '2026-01-01' }, old()))).toHaveLength(4);
  });
});

describe('later readings', () => {
  const settings = { window_days: 10, night_window_days: 100 };
  const daysLater = async (days: number, options: ReadOptions = {}) => {
    const first = await read({ now: '2026-01-10T12:00:00Z' });
    const now = new Date(Date.UTC(2026, 0, 10 + days, 13)).toISOString();
    return read({ now, cursor: first.cursor, settings, ...options });
  };

  test('take the newest days, and once a day more of them', async () => {
    const sameDay = await daysLater(0);
    const nextDay = await daysLater(1);
    expect(spansOf(sameDay)).toEqual(['ge 2025-12-31']);
    expect(spansOf(nextDay)).toEqual(['ge 2025-10-02']);
    expect([scansOf(sameDay), scansOf(nextDay)]).toEqual([0, 0]);
    const again = await read({ now: '2026-01-11T20:00:00Z', cursor: nextDay.cursor, settings });
    expect(spansOf(again)).toEqual(['ge 2026-01-01']);
  });

  test('compare all keys every week', async () => {
    expect(scansOf(await daysLater(6))).toBe(0);
    const swept = await daysLater(7);
    expect(scansOf(swept)).toBe(1);
    expect(scansOf(await read({ now: '2026-01-18T12:00:00Z', cursor: swept.cursor, settings }))).toBe(0);
    expect(scansOf(await daysLater(2, { settings: { ...settings, sweep_days: 2 } }))).toBe(1);
  });

  test('reach back from the last reading, so a pause leaves no gap, whatever --since asks for', async () => {
    const base = filled([order(1, '2026-01-02T10:00:00', 100)]);
    const first = await read({ now: '2026-01-10T12:00:00Z' }, base);
    const later = {
      now: '2026-04-01T12:00:00Z',
      cursor: first.cursor,
      settings: { window_days: 5, night_window_days: 5 },
    };
    expect(idsOf(await read(later, base))).toEqual([guid(1)]);
    expect(idsOf(await read({ ...later, since: '2026-03-30' }, base))).toEqual([guid(1)]);
  });

  test('take all since the day of --since, and compare the keys', async () => {
    const base = filled([1, 2, 3].map((month) => order(month, `2025-0${month}-15T10:00:00`, 100)));
    const first = await read({ now: '2026-01-10T12:00:00Z' }, base);
    const since = await read({ now: '2026-01-10T13:00:00Z', cursor: first.cursor, since: '2025-02-01' }, base);
    expect(idsOf(since)).toEqual([3, 2].map(guid));
    expect(scansOf(since)).toBe(1);
  });

  test('of a base without DataVersion see what the header of an old document says', async () => {
    const withoutVersion = (sum: number) => {
      const base = onecBase({ [entity]: ['Ref_Key', 'DeletionMark', 'Date', 'Posted', 'СуммаДокумента'] });
      base.put(entity, order(1, '2020-01-05T10:00:00', sum));
      return base;
    };
    const first = await read({ now: '2026-01-10T12:00:00Z' }, withoutVersion(100));
    const week = { now: '2026-01-17T12:00:00Z', cursor: first.cursor };
    expect(idsOf(await read(week, withoutVersion(100)))).toEqual([]);
    expect(dealsOf(await read(week, withoutVersion(200)))).toMatchObject([{ amount: '200' }]);
  });
});

test('a document whose date cannot be read, which no month holds, is refused and seen', async () => {
  const result = await read({}, filled([order(1, 'никогда', 100), order(2, '2026-01-05T10:00:00', 100)]));
  expect(result.problems.map(({ place }) => place)).toEqual([`${entity}.${guid(1)}`]);
  expect(idsOf(result)).toEqual([guid(2)]);
});
