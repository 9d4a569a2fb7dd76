import { expect } from 'vitest';
import { encodeVisitCode } from '../../../domain/visit-code.ts';
import { record } from './raw.ts';
import {
  counting,
  countingOf,
  crmLead,
  deal,
  expectOneFromFiveMinutesToSevenDays,
  form,
  leadOf,
  order,
  phone,
} from './request-sketches.ts';
import { useScenarios } from './scenarios.ts';

const scenario = useScenarios();

scenario(
  'a lead that the CRM made of a form repeats the form, and the deal of the lead came of the form',
  async (shop) => {
    const asked = form('10:01:00');
    await shop.events(asked);
    const made = deal('1', '2026-03-01T12:00:00Z', { lead_id: '7' });
    await shop.records(crmLead('7', '2026-03-01T10:01:05Z'), made);
    await shop.settle();
    expect(await counting(shop)).toEqual([{ lead_id: leadOf(asked), deal_key: 'crm:1' }]);
    expect(await shop.mart('deals', 'lead_id, form_id')).toEqual([{ lead_id: leadOf(asked), form_id: 'callback' }]);
  },
);

scenario('a form that comes after the lead that the CRM made of it takes its place', async (shop) => {
  const asked = form('10:01:00');
  await shop.records(crmLead('7', '2026-03-01T10:01:05Z'), deal('1', '2026-03-01T12:00:00Z', { lead_id: '7' }));
  await shop.settle();
  expect(await counting(shop)).toEqual([{ lead_id: 'crm:7', deal_key: 'crm:1' }]);
  await shop.events(asked);
  await shop.settle();
  expect(await counting(shop)).toEqual([{ lead_id: leadOf(asked), deal_key: 'crm:1' }]);
});

scenario('a lead of the CRM that knows only the visit code repeats the form of that browser', async (shop) => {
  const asked = { ...form('10:01:00'), more: { form_id: 'callback', visit_code: Number(encodeVisitCode(1)) } };
  const lead = crmLead('7', '2026-03-01T10:01:05Z', { client: undefined, visit_code: encodeVisitCode(1) });
  expect(await countingOf(shop, [asked], [lead])).toEqual([{ lead_id: leadOf(asked), deal_key: '' }]);
});

scenario('a lead of the CRM repeats a form from five minutes after it to seven days before it', (_shop, open) =>
  expectOneFromFiveMinutesToSevenDays(open, (createdAt) => crmLead('7', createdAt)),
);

scenario('of two leads of the CRM after one form one repeats it and the other counts', async (shop) => {
  const asked = form('10:00:00');
  const leads = [crmLead('8', '2026-03-02T10:00:00Z'), crmLead('7', '2026-03-01T10:00:05Z')];
  expect(await countingOf(shop, [asked], leads)).toEqual([
    { lead_id: leadOf(asked), deal_key: '' },
    { lead_id: 'crm:8', deal_key: '' },
  ]);
});

scenario('each lead of the CRM repeats the form that it was made of', async (shop) => {
  const [first, second] = [form('10:00:00'), form('10:00:08', 'consultation')];
  const records = [
    crmLead('7', '2026-03-01T10:00:05Z'),
    crmLead('8', '2026-03-01T10:00:13Z'),
    deal('2', '2026-03-01T12:00:00Z', { lead_id: '8' }),
    deal('1', '2026-03-01T13:00:00Z', { lead_id: '7' }),
  ];
  expect(await countingOf(shop, [first, second], records)).toEqual([
    { lead_id: leadOf(first), deal_key: 'crm:1' },
    { lead_id: leadOf(second), deal_key: 'crm:2' },
  ]);
});

scenario('leads that the CRM made of a form and of its repeat are one request', async (shop) => {
  const asked = form('10:00:00');
  const leads = [crmLead('7', '2026-03-01T10:00:05Z'), crmLead('8', '2026-03-01T10:30:05Z')];
  expect(await countingOf(shop, [asked, form('10:30:00')], leads)).toEqual([{ lead_id: leadOf(asked), deal_key: '' }]);
});

scenario('a lead that the CRM made of a form before an order repeats the order', async (shop) => {
  const made = order('10:50:00', 'A-1');
  expect(await countingOf(shop, [form('10:00:00'), made], [crmLead('7', '2026-03-01T10:00:05Z')])).toEqual([
    { lead_id: leadOf(made), deal_key: '' },
  ]);
});

scenario('a lead of the CRM with the number of an order repeats that order whenever it was made', async (shop) => {
  const made = order('10:00:00', 'A-1');
  const leads = [
    crmLead('7', '2026-03-20T10:00:00Z', { order_id: 'A-1' }),
    crmLead('8', '2026-03-01T10:00:05Z', { order_id: 'A-2' }),
  ];
  expect(await countingOf(shop, [made], leads)).toEqual([
    { lead_id: leadOf(made), deal_key: '' },
    { lead_id: 'crm:8', deal_key: '' },
  ]);
});

scenario('a lead of the CRM days after an order or after a form that a deal followed counts', async (_shop, open) => {
  const made = order('10:00:00', 'A-1');
  const lead = crmLead('7', '2026-03-03T10:00:00Z');
  expect(await countingOf(open(), [made], [lead])).toHaveLength(2);
  const asked = form('10:00:00');
  expect(await countingOf(open(), [asked], [deal('1', '2026-03-02T10:00:00Z'), lead])).toEqual([
    { lead_id: leadOf(asked), deal_key: 'crm:1' },
    { lead_id: 'crm:7', deal_key: '' },
  ]);
});

scenario('a lead that the CRM made of a call of call tracking repeats the call', async (shop) => {
  const call = record('lead', {
    source: 'calls',
    id: '1',
    created_at: '2026-03-01T10:00:00Z',
    kind: 'call',
    client: { phone },
  });
  expect(await countingOf(shop, [], [call, crmLead('7', '2026-03-01T10:04:00Z')])).toEqual([
    { lead_id: 'calls:1', deal_key: '' },
  ]);
});

scenario('a repeat of a repeat comes to the request that counts, and so does the deal that it names', async (shop) => {
  const call = (id: string, hour: string, fields: Record<string, unknown> = {}) =>
    crmLead(id, `2026-03-01T${hour}:00:00Z`, { kind: 'call', ...fields });
  const chain = ['02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];
  const records = chain.map((id) => call(id, id, { duplicate_of: String(Number(id) - 1).padStart(2, '0') }));
  const last = call('13', '13', { duplicate_of: '12', deal_id: '1' });
  expect(await countingOf(shop, [], [call('01', '01'), ...records, last, deal('1', '2026-03-02T10:00:00Z')])).toEqual([
    { lead_id: 'crm:01', deal_key: 'crm:1' },
  ]);
});

scenario('a repeat of a request that nobody has counts', async (shop) => {
  expect(await countingOf(shop, [], [crmLead('2', '2026-03-01T10:00:00Z', { duplicate_of: '1' })])).toEqual([
    { lead_id: 'crm:2', deal_key: '' },
  ]);
});

scenario('a repeat counts from when its original is deleted', async (shop) => {
  const original = (fields: Record<string, unknown>, fetchedAt: string) =>
    crmLead('1', '2026-03-01T09:00:00Z', fields, fetchedAt);
  await shop.records(
    original({}, '2026-06-01T00:00:00Z'),
    crmLead('2', '2026-03-01T10:00:00Z', { duplicate_of: '1' }),
    deal('1', '2026-03-02T10:00:00Z', { lead_id: '1' }),
  );
  await shop.settle();
  expect(await counting(shop)).toEqual([{ lead_id: 'crm:1', deal_key: 'crm:1' }]);
  await shop.records(original({ deleted: true }, '2026-06-02T00:00:00Z'));
  await shop.settle();
  expect(await counting(shop)).toContainEqual({ lead_id: 'crm:2', deal_key: '' });
});

scenario(
  'of requests that repeat each other the earliest counts, and one that repeats itself counts',
  async (_shop, open) => {
    const around = [
      crmLead('1', '2026-03-01T12:00:00Z', { duplicate_of: '2' }),
      crmLead('2', '2026-03-01T11:00:00Z', { duplicate_of: '3' }),
      crmLead('3', '2026-03-01T13:00:00Z', { duplicate_of: '1' }),
      crmLead('4', '2026-03-01T10:00:00Z', { duplicate_of: '1' }),
    ];
    expect(await countingOf(open(), [], around)).toEqual([{ lead_id: 'crm:2', deal_key: '' }]);
    const own = crmLead('5', '2026-03-01T10:00:00Z', { duplicate_of: '5' });
    expect(await countingOf(open(), [], [own])).toEqual([{ lead_id: 'crm:5', deal_key: '' }]);
  },
);
