import { expect, test } from 'vitest';
import { exchangeSummary } from '../../app/runtime/exchange-summary.ts';
import type { CommercemlResult } from '../../etl/sources/onec-commerceml/import-commerceml.ts';

const told = (counts: Partial<CommercemlResult>) =>
  exchangeSummary({
    files: 1,
    documents: 1,
    deals: 0,
    payments: 0,
    statuses: 0,
    takenBack: 0,
    unpaid: 0,
    patches: 0,
    skipped: 0,
    problems: 0,
    ...counts,
  });

test('a file of 1C is summed up by all that it changes, named when that is more than orders and payments', () => {
  expect(told({ deals: 2, payments: 1, problems: 3 })).toEqual({ records: 3, rejected: 3 });
  expect(told({ statuses: 1 })).toEqual({ records: 1, kinds: '1 status', rejected: 0 });
  expect(told({ deals: 1, payments: 2, statuses: 2, takenBack: 1, unpaid: 3 })).toEqual({
    records: 9,
    kinds: '1 order, 2 payments, 2 statuses, 1 payment taken back, 3 orders told not to be paid',
    rejected: 0,
  });
});
