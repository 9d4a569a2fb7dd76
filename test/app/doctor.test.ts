import { beforeAll, describe, expect, test } from 'vitest';
import { configSchema } from '../../app/config/schema.ts';
import { checkDoubledMoney } from '../../app/runtime/check-doubled-money.ts';
import { checkRejected, listRejected } from '../../app/runtime/check-rejected.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await testWarehouse();
});

const shop = (project: string) => ({ warehouse, config: configSchema.parse({ project }) });

describe('what could not be taken', () => {
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
  const refused = (project: string, number: number, more: Record<string, unknown> = {}) => ({
    project,
    rejected_id: String(number),
    rejected_at: daysAgo(1),
    source: 'b24',
    entity: 'deal',
    reason: 'invalid_record',
    place: `deals.${number}.DATE_MODIFY`,
    detail: 'DATE_MODIFY is null,\nnot an instant',
    payload: '{}',
    ...more,
  });

  test('of the last 7 days is a warning with its number, its most frequent causes and how to see it', async () => {
    const payment = { source: 'site-1c', entity: 'payment', reason: 'bad_document', place: 'orders.xml:7' };
    await warehouse.insertRows('rejected', [
      ...[1, 2, 3].map((number) => refused('doctor1', number)),
      refused('doctor1', 4, payment),
      ...['a', 'b', 'c', 'd', 'e'].map((source, index) => refused('doctor1', 10 + index, { source })),
      ...[5, 6].map((number) => refused('doctor1', number, { rejected_at: daysAgo(9) })),
      refused('doctor2', 7),
    ]);
    const finding = await checkRejected(shop('doctor1'));
    expect(finding).toMatchObject({ what: 'rejected', isGood: true, isWarning: true });
    expect(finding.says).toBe(
      'of the last 7 days 9 things could not be taken and are in no report: 3 × deal of b24, invalid_record; 1 × deal of a, invalid_record; 1 × deal of b, invalid_record; 1 × deal of c, invalid_record; 1 × deal of d, invalid_record; 2 more causes. See each with its place and cause: throughline doctor --rejected',
    );
  });

  test('is told apart from fields that events were taken without', async () => {
    const field = { source: 'collect', entity: 'event field', reason: 'invalid' };
    await warehouse.insertRows('rejected', [
      refused('doctor6', 1, field),
      refused('doctor6', 2, field),
      refused('doctor7', 1, field),
      refused('doctor6', 3),
    ]);
    const see = 'See each with its place and cause: throughline doctor --rejected';
    expect((await checkRejected(shop('doctor6'))).says).toBe(
      `of the last 7 days 1 thing could not be taken and are in no report: 1 × deal of b24, invalid_record. 2 fields could not be read, the events count without them: 2 × event field of collect, invalid. ${see}`,
    );
    expect((await checkRejected(shop('doctor7'))).says).toBe(
      `of the last 7 days 1 field could not be read, the events count without them: 1 × event field of collect, invalid. ${see}`,
    );
  });

  test('is good when there is nothing lately', async () => {
    await warehouse.insertRows('rejected', [refused('doctor3', 1, { rejected_at: daysAgo(8) })]);
    const finding = await checkRejected(shop('doctor3'));
    expect(finding).toEqual({ what: 'rejected', says: 'everything of the last 7 days could be taken', isGood: true });
  });

  test('is listed, the newest first, a line each', async () => {
    await warehouse.insertRows('rejected', [
      refused('doctor4', 1, { rejected_at: '2026-01-10T12:00:00.000Z' }),
      refused('doctor4', 2, { rejected_at: '2026-01-11T12:30:00.000Z' }),
    ]);
    const lines = (await listRejected(shop('doctor4'))).split('\n').slice(2);
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      [
        '2026-01-11 12:30',
        'b24',
        'deal',
        'invalid_record',
        'deals.2.DATE_MODIFY',
        'DATE_MODIFY is null, not an instant',
      ],
      [
        '2026-01-10 12:00',
        'b24',
        'deal',
        'invalid_record',
        'deals.1.DATE_MODIFY',
        'DATE_MODIFY is null, not an instant',
      ],
    ]);
    expect(await listRejected(shop('doctor5'))).toBe('Nothing was ever refused.');
  });
});

describe('money that two sources bring', () => {
  const paid = (project: string, source: string, number: number, more: Record<string, unknown> = {}) => ({
    project,
    payment_key: `${source}:${number}`,
    payment_source: source,
    payment_id: String(number),
    paid_at: `2026-01-1${number % 10}T10:00:00.000Z`,
    amount: '990',
    currency: 'RUB',
    amount_base: '990',
    payment_method: 'card',
    document: '',
    deal_key: '',
    client_id: '',
    run_no: '1',
    is_deleted: 0,
    ...more,
  });
  const numbers = [0, 1, 2, 3, 4, 5, 6, 7];

  test.each([
    ['the same documents', (number: number) => ({ document: `ТД-${number}` })],
    ['the same deals', (number: number) => ({ deal_key: `b24:${number}` })],
  ])('is told where half of it repeats under %s', async (name, more) => {
    const project = name === 'the same deals' ? 'money1' : 'money2';
    await warehouse.insertRows('payments', [
      ...numbers.map((number) => paid(project, 'ut', number, more(number))),
      ...numbers.map((number) => paid(project, 'site', number, number < 5 ? more(number) : { document: 'other' })),
    ]);
    const findings = await checkDoubledMoney(shop(project));
    expect(findings).toMatchObject([{ what: 'money', isGood: false }]);
    expect(findings[0]?.says).toMatch(
      /^5 payments of site and ut have the same day, amount and order or document \(62 %/,
    );
  });

  test('is no finding where only days and amounts agree, or a few payments', async () => {
    await warehouse.insertRows('payments', [
      ...numbers.map((number) => paid('money3', 'ut', number, { document: `A-${number}` })),
      ...numbers.map((number) => paid('money3', 'site', number, { document: `B-${number}` })),
      ...[1, 2, 3].map((number) => paid('money3', 'bank', number, { document: `A-${number}` })),
    ]);
    expect(await checkDoubledMoney(shop('money3'))).toEqual([]);
  });
});
