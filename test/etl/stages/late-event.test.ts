import { expect } from 'vitest';
import { useScenarios } from './scenarios.ts';

const scenario = useScenarios();
const ad = 'https://shop.example/?utm_source=yandex&utm_medium=cpc&utm_campaign=spring';

scenario('a late event joins two visits and the old ones vanish', async (shop) => {
  await shop.events(
    { who: 'anna', at: '2026-03-01 10:00:00.000', url: ad },
    { who: 'anna', at: '2026-03-01 10:40:00.000' },
    { who: 'anna', at: '2026-03-01 10:45:00.000', type: 'form_submit', more: { form_id: 'callback' } },
  );
  await shop.settle();
  expect(await shop.mart('visits', 'source, visit_kind', 'started_at')).toEqual([
    { source: 'yandex', visit_kind: 'new' },
    { source: '(direct)', visit_kind: 'returning' },
  ]);
  await shop.events({ who: 'anna', at: '2026-03-01 10:20:00.000', type: 'engagement' });
  await shop.settle();
  expect(await shop.mart('visits', 'source, events, form_ids')).toEqual([
    { source: 'yandex', events: 4, form_ids: ['callback'] },
  ]);
  expect(await shop.mart('touches', 'source')).toEqual([{ source: 'yandex' }]);
  expect(await shop.mart('deal_touches', 'source')).toEqual([{ source: 'yandex' }]);
});

scenario('a late event before the first renumbers the visits', async (shop) => {
  await shop.events({ who: 'anna', at: '2026-03-02 10:00:00.000' });
  await shop.settle();
  await shop.events({ who: 'anna', at: '2026-03-01 10:00:00.000' });
  await shop.settle();
  expect(await shop.mart('visits', 'visit_no, visit_kind', 'started_at')).toEqual([
    { visit_no: 1, visit_kind: 'new' },
    { visit_no: 2, visit_kind: 'returning' },
  ]);
});

scenario('a robot has visits that are marked, and neither requests nor a person', async (shop) => {
  const robot = { user_agent: 'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)', phone_hash: 'p' };
  await shop.events(
    { who: 'robot', at: '2026-03-01 10:00:00.000', more: robot },
    { who: 'robot', at: '2026-03-01 10:01:00.000', type: 'form_submit', more: robot },
  );
  await shop.settle();
  expect(await shop.mart('visits', 'is_bot, events')).toEqual([{ is_bot: true, events: 2 }]);
  expect(await shop.mart('touches', 'dropped')).toEqual([{ dropped: 'bot' }]);
  expect(await shop.mart('leads', 'lead_id')).toEqual([]);
  expect(await shop.mart('clients', 'client_id')).toEqual([]);
});
