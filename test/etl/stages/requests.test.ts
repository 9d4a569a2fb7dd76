import { expect } from 'vitest';
import { record } from './raw.ts';
import { countingOf, deal, expectOneFromFiveMinutesToSevenDays, form, leadOf, order } from './request-sketches.ts';
import { useScenarios } from './scenarios.ts';

const scenario = useScenarios();

scenario('forms of one browser: repeats within the hour of the one that counts do not, others do', async (shop) => {
  const [first, second, third] = [form('10:00:00'), form('10:59:59'), form('11:00:00')];
  const later = form('11:00:01');
  const other = form('10:30:00', 'consultation');
  expect((await countingOf(shop, [first, second, third, later, other])).map(({ lead_id }) => lead_id)).toEqual(
    [first, other, later].map(leadOf),
  );
});

scenario('a form followed by an order within the hour is that order', async (shop) => {
  const made = order('10:50:00', 'A-1');
  expect(await countingOf(shop, [form('10:00:00'), form('09:50:00', 'early'), made])).toEqual([
    { lead_id: leadOf(made), deal_key: '' },
  ]);
});

scenario('a form followed by an order later than within the hour is a request of its own', async (shop) => {
  expect(await countingOf(shop, [form('10:00:00'), order('11:00:01', 'A-1')])).toHaveLength(2);
});

scenario('an order whose page is loaded again is one request', async (shop) => {
  const made = order('10:00:00', 'A-1');
  expect(await countingOf(shop, [made, order('10:10:00', 'A-1'), order('20:10:00', 'A-1')])).toEqual([
    { lead_id: leadOf(made), deal_key: '' },
  ]);
});

scenario('the page of an old order loaded again does not swallow a form', async (shop) => {
  const asked = form('12:00:00');
  const requests = await countingOf(shop, [order('10:00:00', 'A-1'), asked, order('12:10:00', 'A-1')]);
  expect(requests.map(({ lead_id }) => lead_id)).toContain(leadOf(asked));
});

scenario('one order seen in two browsers of a person is one request: the first', async (shop) => {
  const made = order('10:00:00', 'A-1', 'laptop');
  expect(await countingOf(shop, [order('10:05:00', 'A-1', 'mobile'), made])).toEqual([
    { lead_id: leadOf(made), deal_key: '' },
  ]);
});

scenario('orders without a number are each a request', async (shop) => {
  expect(await countingOf(shop, [order('10:00:00', ''), order('10:10:00', 'undefined')])).toHaveLength(2);
});

scenario(
  'a form leads to the first deal of the person from five minutes before it to seven days after',
  (_shop, open) => expectOneFromFiveMinutesToSevenDays(open, (createdAt) => deal('1', createdAt)),
);

scenario('of two deals after a form the first takes it and the other is its own request', async (shop) => {
  const asked = form('10:00:00');
  expect(
    await countingOf(shop, [asked], [deal('2', '2026-03-03T10:00:00Z'), deal('1', '2026-03-02T10:00:00Z')]),
  ).toEqual([
    { lead_id: leadOf(asked), deal_key: 'crm:1' },
    { lead_id: 'deal:crm:2', deal_key: 'crm:2' },
  ]);
});

scenario('of several forms before a deal the newest leads to it and the others stay without a deal', async (shop) => {
  const [first, newest] = [form('10:00:00'), form('12:00:00', 'consultation')];
  expect(await countingOf(shop, [first, newest], [deal('1', '2026-03-02T10:00:00Z')])).toEqual([
    { lead_id: leadOf(first), deal_key: '' },
    { lead_id: leadOf(newest), deal_key: 'crm:1' },
  ]);
});

scenario('a deal with the number of an order leaves the forms to the next deal', async (shop) => {
  const asked = form('10:00:00');
  const made = order('14:00:00', 'A-1');
  expect(
    await countingOf(
      shop,
      [asked, made],
      [deal('1', '2026-03-01T15:00:00Z', { order_id: 'A-1' }), deal('2', '2026-03-02T15:00:00Z')],
    ),
  ).toEqual([
    { lead_id: leadOf(asked), deal_key: 'crm:2' },
    { lead_id: leadOf(made), deal_key: 'crm:1' },
  ]);
});

scenario('an excluded deal is no request of its own, but the form that led to it is one', async (_shop, open) => {
  const excluded = deal('1', '2026-03-02T10:00:00Z', { status: 'excluded' });
  expect(await countingOf(open(), [], [excluded])).toEqual([]);
  const asked = form('10:00:00');
  expect(await countingOf(open(), [asked], [excluded])).toEqual([{ lead_id: leadOf(asked), deal_key: 'crm:1' }]);
});

scenario('a deal made from a request that repeats another comes of the other', async (shop) => {
  const lead = (id: string, fields: Record<string, unknown> = {}) =>
    record('lead', { source: 'crm', id, created_at: '2026-03-01T10:00:00Z', kind: 'crm', ...fields });
  const records = [
    lead('l1'),
    lead('l2', { duplicate_of: 'l1' }),
    deal('1', '2026-03-02T10:00:00Z', { lead_id: 'l2' }),
  ];
  expect(await countingOf(shop, [], records)).toEqual([{ lead_id: 'crm:l1', deal_key: 'crm:1' }]);
});

scenario('a request that names the order of accounting comes to the deal that leads it', async (shop) => {
  const records = [
    record('lead', { source: '1c', id: 'l1', created_at: '2026-03-01T10:00:00Z', kind: 'call', deal_id: '9' }),
    deal('9', '2026-03-02T10:00:00Z', { source: '1c', role: 'accounting', order_id: 'A-1' }),
    deal('1', '2026-03-02T11:00:00Z', { order_id: 'A-1' }),
  ];
  expect(await countingOf(shop, [], records)).toEqual([{ lead_id: '1c:l1', deal_key: 'crm:1' }]);
});
