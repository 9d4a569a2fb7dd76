import { expect, test } from 'vitest';
import { costInputSchema } from '../../../domain/record/cost.ts';
import { recordId } from '../../../domain/record/raw-record.ts';

const idOf = (more: object): string =>
  recordId({
    entity: 'cost',
    input: costInputSchema.parse({ source: 'vk-ads', date: '2026-03-10', cost: 100, vat: 'included', ...more }),
  });

test.each([{ campaign_id: '77' }, { adgroup_id: '5' }, { ad_id: '9' }])(
  'a cost of a renamed campaign, known by %j, is the same cost',
  (id) => {
    expect(idOf({ ...id, campaign: 'New' })).toBe(idOf({ ...id, campaign: 'Old' }));
    expect(idOf(id)).toBe(idOf({ ...id, campaign: 'Old' }));
  },
);

test('what has no id beside it tells costs apart: a campaign by name alone, a keyword, an account', () => {
  expect(idOf({ campaign: 'New' })).not.toBe(idOf({ campaign: 'Old' }));
  for (const field of ['keyword', 'account', 'utm_content'])
    expect(idOf({ campaign_id: '77', [field]: 'a' })).not.toBe(idOf({ campaign_id: '77', [field]: 'b' }));
});
