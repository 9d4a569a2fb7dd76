import { describe, expect, test } from 'vitest';
import type { SourceError } from '../../../etl/errors.ts';
import { orders } from '../../../etl/sources/onec-odata/streams.ts';
import { type OnecObject, onecBase, refusal } from '../../fixtures/sources/1c-odata/base.ts';
import { guid, order, tradeBase } from '../../fixtures/sources/1c-odata/shop.ts';
import type { VendorReply } from '../../support/fake-vendor.ts';
import { dealsOf, readBase } from './read-base.ts';

const failureOf = async (reply: VendorReply, from: '$metadata' | 'documents'): Promise<SourceError> => {
  const base = tradeBase();
  const isTold = (path: string): boolean =>
    from === '$metadata' ? path.endsWith('$metadata') : path.includes('Document_');
  return readBase((request) => (isTold(request.path) ? reply : base.answer(request)), orders).then(
    () => Promise.reject(new Error('the reading went well')),
    (error) => error,
  );
};

const page = {
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html><title>1С:Предприятие</title></html>',
};

describe('a document that cannot be read', () => {
  test.each([
    ['Date', undefined, `Document_ЗаказКлиента.${guid(2)}.Date`],
    ['Date', null, `Document_ЗаказКлиента.${guid(2)}.Date`],
    ['Date', 'какая-то', `Document_ЗаказКлиента.${guid(2)}`],
    ['Ref_Key', undefined, 'Document_ЗаказКлиента.Ref_Key'],
    ['Ref_Key', 'none', 'Document_ЗаказКлиента.none.Ref_Key'],
  ])('for its %s (%j) is refused alone, on a whole page and at its end', async (field, value, place) => {
    const base = tradeBase();
    const dated = [1, 3, 4, 5].map((number) => order(number, `2026-01-10T14:0${number}:00`, 100));
    base.put('Document_ЗаказКлиента', ...dated);
    const { Ref_Key: _key, Date: _date, ...rest } = order(2, '2026-01-10T14:02:00', 100);
    const broken = {
      Ref_Key: guid(2),
      Date: '2026-01-10T14:02:00',
      ...rest,
      ...{ [field]: value },
    };
    let pages = 0;
    const read = await readBase(
      (request) => {
        const reply = base.answer(request);
        if (!request.query.get('$select')?.includes('Товары') || ++pages > 1) return reply;
        const { value: rows } = reply.body as { value: OnecObject[] };
        return { ...reply, body: { value: [...rows.slice(0, 1), JSON.parse(JSON.stringify(broken))] } };
      },
      orders,
      { settings: { page_size: 2 } },
    );
    expect(read.problems.map((problem) => problem.place)).toEqual([place]);
    expect(dealsOf(read).map(({ id }) => id)).toEqual([1, 3, 4, 5].map(guid));
  });
});

describe('errors of 1C', () => {
  test.each(['$metadata', 'documents'] as const)(
    'a web page with status 200 instead of %s passes by itself',
    async (from) => {
      const error = await failureOf(page, from);
      expect(error).toMatchObject({ name: 'SourceError', kind: 'transient' });
      expect(error.message).toMatch(/web page .*licences/);
    },
  );

  test('a web page with status 503 passes by itself', async () => {
    expect(await failureOf({ ...page, status: 503 }, 'documents')).toMatchObject({ kind: 'transient' });
  });

  test.each([
    [404, '8', 'settings', 'add it to the OData interface'],
    [401, '20', 'auth', 'grant the user'],
    [403, '19', 'auth', 'grant the user'],
    [400, '14', 'bad_data', 'refused the request'],
    [500, '0', 'transient', 'could not answer'],
    [200, '20', 'auth', 'grant the user'],
  ])('status %i with code %s is %s', async (status, code, kind, words) => {
    const error = await failureOf(refusal(status, code, 'Ошибка'), 'documents');
    expect(error).toMatchObject({ kind, code });
    expect(error.message).toContain(words);
  });

  test('a wrong password is said in plain words', async () => {
    const error = await failureOf({ status: 401, body: '' }, '$metadata');
    expect(error).toMatchObject({ kind: 'auth' });
    expect(error.message).toContain('login and password');
  });

  test('a base that does not allow the search for retail buyers is read without it', async () => {
    const base = tradeBase();
    base.put('Document_ЗаказКлиента', order(1, '2026-01-10T14:02:11', 100));
    const isSearch = (filter: string | null): boolean => filter?.startsWith('substringof') ?? false;
    const read = await readBase(
      (request) =>
        isSearch(request.query.get('$filter')) ? refusal(400, '14', 'Ошибка разбора') : base.answer(request),
      orders,
    );
    expect(read.records).toHaveLength(1);
  });

  test('an answer without a list is bad data', async () => {
    expect(await failureOf({ body: { something: 1 } }, 'documents')).toMatchObject({ kind: 'bad_data' });
  });

  test('metadata cut off in the middle passes by itself', async () => {
    const error = await failureOf({ body: '<edmx:Edmx xmlns:edmx="x"><Schema><EntityType Name="Docu' }, '$metadata');
    expect(error).toMatchObject({ kind: 'transient' });
    expect(error.message).toContain('cut off');
  });

  test('a base that shows none of the documents is a matter of settings, with the cure', async () => {
    const base = onecBase({ Catalog_Валюты: ['Ref_Key'] });
    const error = await readBase((request) => base.answer(request), orders).catch((reason) => reason);
    expect(error).toMatchObject({ kind: 'settings' });
    expect(error.message).toContain('УстановитьСоставСтандартногоИнтерфейсаOData');
  });
});
