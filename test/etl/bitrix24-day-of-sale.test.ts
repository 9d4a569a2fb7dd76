import { expect, it } from 'vitest';
import { deal, history, shopPortal } from '../fixtures/sources/bitrix24/shop.ts';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { configured, onlyStreams } from '../support/pull-world.ts';
import { usePullWorlds } from '../support/use-pull-worlds.ts';

const here = usePullWorlds('2026-04-10T12:05:00Z');

type Step = ReturnType<typeof history>;

const created = (dealId: number): Step => history(10 * dealId, dealId, '2026-01-02T07:00:00+00:00', 'C2:NEW', 'P');
const step = (dealId: number, no: number, day: string, stage: string, semantics: string): Step =>
  history(10 * dealId + no, dealId, `${day}T09:00:00+00:00`, stage, semantics);

const moved = '2026-03-01T12:00:00+03:00';
const ended = (id: number, semantics: string, more: object = {}) =>
  deal(id, {
    DATE_CREATE: '2026-01-02T10:00:00+03:00',
    DATE_MODIFY: moved,
    STAGE_ID: 'C3:LAST',
    CATEGORY_ID: '3',
    STAGE_SEMANTIC_ID: semantics,
    MOVED_TIME: moved,
    ...more,
  });

it('a deal is sold on the day since which it is won: a move to another pipeline is no new sale, a loss in between is', async () => {
  const { world } = here();
  const portal = shopPortal();
  portal.deals = [
    ended(1, 'S'),
    ended(2, 'S', { MOVED_TIME: undefined }),
    ended(3, 'S'),
    ended(4, 'S'),
    ended(5, 'F'),
    ended(6, 'S'),
    ended(7, 'S'),
  ];
  const wonAndMovedOn = (id: number): Step[] => [
    created(id),
    step(id, 1, '2026-01-05', 'C2:WON', 'S'),
    { ...step(id, 2, '2026-03-01', 'C3:LAST', 'S'), TYPE_ID: 5, CATEGORY_ID: 3 },
  ];
  portal.stageHistory = [
    ...wonAndMovedOn(1),
    ...wonAndMovedOn(2),
    ...[created(3), step(3, 1, '2026-01-05', 'C2:WON', 'S'), step(3, 2, '2026-01-20', 'C2:NEW', 'P')],
    step(3, 3, '2026-02-07', 'C2:WON', 'S'),
    ...[created(4), step(4, 1, '2026-01-05', 'C2:WON', 'S'), step(4, 2, '2026-01-20', 'C2:LOSE', 'F')],
    step(4, 3, '2026-02-08', 'C2:WON', 'S'),
    ...[created(5), step(5, 1, '2026-01-05', 'C2:WON', 'S'), step(5, 2, '2026-02-09', 'C2:LOSE', 'F')],
    ...[created(6), step(6, 1, '2026-02-10', 'C2:WON', 'S')],
    created(7),
  ];
  const vendor = await startFakeVendor((request) => portal.answer(request));
  await world.pull(onlyStreams(configured('bitrix24', { url: `${vendor.url}/rest/1/key/` }), 'deals'));
  await vendor.close();
  const days = (await world.alive('deal')).map(({ record_id, record }) => [
    record_id,
    JSON.parse(record).closed_at.slice(0, 10),
  ]);
  expect(Object.fromEntries(days)).toEqual({
    '1': '2026-01-05',
    '2': '2026-01-05',
    '3': '2026-02-07',
    '4': '2026-02-08',
    '5': '2026-02-09',
    '6': '2026-02-10',
    // The history says nothing of its end: what the list says is all there is.
    '7': '2026-03-01',
  });
});
