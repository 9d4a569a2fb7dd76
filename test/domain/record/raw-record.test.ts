import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contactHasher } from '../../../domain/contact.ts';
import { maskUrl } from '../../../domain/mask-url.ts';
import { type RecordInput, recordSchemas } from '../../../domain/record/index.ts';
import { recordId, toRawRecord } from '../../../domain/record/raw-record.ts';
import { withoutContacts } from '../../../domain/without-contacts.ts';

const hasher = contactHasher('secret');
const context = { project: 'shop', fetchedAtMs: Date.UTC(2026, 5, 1), hasher, payload: {} };
const item = (entity: RecordInput['entity'], row: Record<string, unknown>): RecordInput =>
  ({ entity, input: recordSchemas[entity].parse(row) }) as RecordInput;
const deal = (more: Record<string, unknown> = {}) =>
  item('deal', { source: 'crm', id: 7, created_at: '2026-03-01T10:00:00Z', amount: 10, status: 'open', ...more });
const cost = (more: Record<string, unknown> = {}) =>
  item('cost', { source: 'direct', date: '2026-03-01', cost: 1, vat: 'none', ...more });

test('contacts of a deal are kept as hashes alone', () => {
  const raw = toRawRecord(
    deal({ client: { id: 'c1', phone: '8 900 000-00-01', email: 'Anna@shop.example' } }),
    context,
  );
  expect(JSON.parse(raw.record)).toMatchObject({
    client_id: 'c1',
    phone_hashes: [hasher.phone('+79000000001')],
    email_hashes: [hasher.email('anna@shop.example')],
  });
  expect(raw.record).not.toMatch(/900|anna/i);
});

test('contacts of a card are kept as hashes, each once', () => {
  const card = item('client', { source: 'crm', id: 'c1', phones: ['+79000000001', '89000000001', 'x'], emails: [] });
  expect(JSON.parse(toRawRecord(card, context).record)).toEqual({
    source: 'crm',
    id: 'c1',
    phone_hashes: [hasher.phone('+79000000001')],
    email_hashes: [],
  });
});

test('the version is dated by the source, else by its change, else by the fetching', () => {
  const at = (more: object, row = deal()) => toRawRecord(row, { ...context, ...more }).version_at;
  const updated = deal({ updated_at: '2026-03-02T10:00:00Z' });
  expect(at({ versionAt: '2026-03-03T10:00:00.000Z' }, updated)).toBe('2026-03-03T10:00:00.000Z');
  expect(at({}, updated)).toBe('2026-03-02T10:00:00.000Z');
  expect(at({})).toBe('2026-06-01T00:00:00.000Z');
});

test('equal content has one version mark and different content has two', () => {
  const mark = (more: Record<string, unknown> = {}) => toRawRecord(deal(more), context).record_version;
  expect(mark()).toBe(mark());
  expect(mark({ amount: 11 })).not.toBe(mark());
});

test('a deleted record keeps nothing but one that was merged keeps where it went', () => {
  expect(toRawRecord(deal({ deleted: true }), context)).toMatchObject({ deleted: true, record: '' });
  const merged = toRawRecord(deal({ deleted: true, merged_into: '8' }), context);
  expect(merged.deleted).toBe(false);
  expect(JSON.parse(merged.record)).toMatchObject({ merged_into: '8' });
});

test('a cost without an id is known by what it is for and not by how much it is', () => {
  expect(recordId(cost({ cost: 5 }))).toBe(recordId(cost({ cost: 7, clicks: 3 })));
  for (const more of [
    { date: '2026-03-02' },
    { campaign_id: '1' },
    { keyword: 'x' },
    { kind: 'fee' },
    { utm_term: 'x' },
  ]) {
    expect(recordId(cost(more))).not.toBe(recordId(cost()));
  }
  expect(recordId(cost({ id: 'own' }))).toBe('own');
  expect(recordId(deal())).toBe('7');
});

test('spaces around a text and a text that is empty say nothing of what a record is', () => {
  const named = { account: 'a', keyword: 'чай', adgroup_id: '7', utm_term: 'чай' };
  const spaced = { account: ' a', keyword: 'чай ', adgroup_id: ' 7 ', utm_term: '\u00a0чай' };
  const empty = { account: '', keyword: ' ', campaign: '', adgroup_id: '', ad_id: ' ', platform: '', utm_term: '' };
  expect(recordId(cost(spaced))).toBe(recordId(cost(named)));
  expect(recordId(cost(empty))).toBe(recordId(cost()));
  const told = {
    ...{ order_id: '', lead_id: ' ', stage: '', manager: ' ', visit: '', ym_client_id: '' },
    client: { id: '' },
  };
  expect(deal(told).input).toEqual(deal({ client: {} }).input);
  expect(deal({ stage: ' NEW ', fields: { size: ' L ' } }).input).toMatchObject({
    stage: 'NEW',
    fields: { size: 'L' },
  });
});

test('an id may be a number, but not one that JSON has rounded', () => {
  const lead = { source: 'crm', id: 1, created_at: '2026-03-01T10:00:00Z', kind: 'form' };
  expect(item('lead', { ...lead, form_id: 5, ym_client_id: 1552312345 }).input).toMatchObject({
    ...{ id: '1', form_id: '5', ym_client_id: '1552312345' },
  });
  expect(item('cost', { source: 'vk', account: 16, date: '2026-03-01', cost: 1, vat: 'none' }).input).toMatchObject({
    account: '16',
  });
  expect(
    item('payment', { source: '1c', id: 1, paid_at: lead.created_at, amount: 1, document: 101 }).input,
  ).toMatchObject({
    document: '101',
  });
  expect(recordSchemas.lead.safeParse({ ...lead, ym_client_id: 2 ** 60 }).error?.issues[0]?.message).toMatch(/as text/);
});

test.each(['promo@shop.ru', 'mail to promo@shop.ru now', 'Promo%40shop.ru', '+7 900 000-00-01', '+79000000001'])(
  'the mark %s of a cost or touch reads as in the address of its visit',
  (mark) => {
    const visited = new URL(maskUrl(`https://shop.example/?utm_campaign=${encodeURIComponent(mark)}`));
    const told = visited.searchParams.get('utm_campaign');
    expect(told).toMatch(/\[(e-mail|phone)\]/);
    expect(cost({ utm_campaign: mark }).input).toMatchObject({ utm_campaign: told });
    const touch = { source: 'crm', id: 1, at: '2026-03-01T10:00:00Z', kind: 'call', client: {} };
    expect(item('touch', { ...touch, utm_campaign: mark }).input).toMatchObject({ utm_campaign: told });
  },
);

test('a mark without a contact stays as it came', () => {
  for (const mark of ['winter', 'зима 100%', 'a+b', '50%25', '79000000001', 'name=x', '%zz'])
    expect(cost({ utm_campaign: mark }).input).toMatchObject({ utm_campaign: mark });
});

test('a payload is kept without contacts, wherever they stand', () => {
  const payload = {
    ID: '7',
    NAME: 'Анна',
    PHONE: [{ VALUE: '+79000000001' }],
    EMAIL: 'anna@shop.example',
    COMMENTS: 'Звонить 8 (900) 000-00-01 или писать anna.k@shop.example!',
    nested: [{ last_name: 'К', keep: { amount: 10, isNew: true, none: null } }],
  };
  expect(withoutContacts(payload)).toEqual({
    ID: '7',
    COMMENTS: 'Звонить [phone] или писать [e-mail]',
    nested: [{ keep: { amount: 10, isNew: true, none: null } }],
  });
});

test('order numbers, amounts and dates are no contacts', () => {
  const texts = ['A-17', '1990.50', '2026-03-01T10:00:00Z', '77104455', '4607001234567', 'https://shop.example/?a=1'];
  expect(withoutContacts(texts)).toEqual(texts);
});

test('no Russian phone gets through in any usual spelling', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 10 }).map((all) => all.join(''));
  const spelled = fc
    .tuple(fc.constantFrom('+7', '8', '7'), digits, fc.constantFrom('', ' ', '-'), fc.constantFrom('тел. ', '', '('))
    .map(([country, n, gap, before]) => ({
      digits: n,
      text: `${before}${country}${gap}(${n.slice(0, 3)})${gap}${n.slice(3, 6)}${gap}${n.slice(6, 8)}${gap}${n.slice(8)}`,
    }));
  fc.assert(
    fc.property(spelled, ({ text, digits: number }) => {
      const kept = withoutContacts({ comment: text }) as { comment: string };
      expect(kept.comment.replace(/\D/g, '')).not.toContain(number);
    }),
    { seed: 1, numRuns: 300 },
  );
});
