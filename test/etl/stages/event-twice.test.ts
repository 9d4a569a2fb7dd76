import { expect } from 'vitest';
import { encodeVisitCode } from '../../../domain/visit-code.ts';
import { record, uuid } from './raw.ts';
import { useScenarios } from './scenarios.ts';

const scenario = useScenarios();
const at = '2026-03-01 10:00:00.000';

scenario('an event sent again in another batch counts once', async (shop) => {
  await shop.events({ who: 'anna', at, id: 'one' });
  await shop.settle();
  await shop.events({ who: 'anna', at, id: 'one', more: { received_at: '2026-03-01 11:00:00.000' } });
  await shop.settle();
  expect(await shop.mart('visits', 'events')).toEqual([{ events: 1 }]);
});

scenario('an event sent again a month later counts once, at its first instant', async (shop) => {
  await shop.events({ who: 'anna', at: '2026-04-03 10:00:00.000', id: 'month' });
  await shop.settle();
  await shop.events({ who: 'anna', at, id: 'month' });
  await shop.settle();
  expect(await shop.mart('visits', 'started_at, events')).toEqual([{ started_at: at, events: 1 }]);
});

for (const order of [
  ['anna', 'boris'],
  ['boris', 'anna'],
] as const) {
  scenario(
    `an event id sent by two browsers belongs to the earlier event when ${order[0]} is loaded first`,
    async (shop) => {
      for (const who of order) {
        const minute = who === 'anna' ? '00' : '01';
        const more = { form_id: 'callback', phone_hash: 'p' };
        await shop.events({ who, at: `2026-03-01 10:${minute}:00.000`, type: 'form_submit', id: 'shared', more });
        await shop.settle();
      }
      expect(await shop.mart('visits', 'visitor_id')).toEqual([{ visitor_id: uuid('anna') }]);
      expect(await shop.mart('staged_leads', 'node')).toEqual([{ node: `visitor:${uuid('anna')}` }]);
      expect(await shop.mart('leads', 'lead_id')).toEqual([{ lead_id: `event:${uuid('shared')}` }]);
      expect(await shop.mart('clients', 'identifiers')).toEqual([{ identifiers: 2 }]);
    },
  );
}

scenario('a repeated event that carries another visit code leads deals of both codes to the browser', async (shop) => {
  const [first, second] = [encodeVisitCode(5), encodeVisitCode(6)];
  const deal = (id: string, visit_code: string) =>
    record('deal', { source: 'crm', id, created_at: '2026-03-02T10:00:00Z', amount: 1, status: 'open', visit_code });
  await shop.records(deal('1', first), deal('2', second));
  await shop.settle();
  await shop.events({ who: 'anna', at, id: 'coded', more: { visit_code: Number(first) } });
  await shop.settle();
  await shop.events({
    who: 'anna',
    at,
    id: 'coded',
    more: { visit_code: Number(second), received_at: '2026-03-01 11:00:00.000' },
  });
  await shop.settle();
  expect(await shop.mart('deals', 'deal_id, matched_by')).toEqual([
    { deal_id: '1', matched_by: 'visit_code' },
    { deal_id: '2', matched_by: 'visit_code' },
  ]);
});
