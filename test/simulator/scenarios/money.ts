import type { Builder } from '../builder.ts';
import type { Deal } from '../model.ts';
import { dayMs, hourMs, minuteMs, wholeSecond } from '../moscow.ts';
import type { ScenarioName } from '../scenario-names.ts';
import { checkout, item, oddPriced } from './plans.ts';

/** One buyer with one checkout, the money still to be told. */
function order(
  builder: Builder,
  scenario: ScenarioName,
  daysBefore: number,
  time: string,
  more: Partial<Parameters<typeof checkout>[1]> = {},
): Deal {
  const person = builder.person();
  const device = builder.device(person);
  const at = builder.at(builder.daysBack(daysBefore), time);
  const plan = { person, device, arrival: 'direct-kettles', at, items: [item(0)], scenario, closedAt: at + 2 * dayMs };
  return checkout(builder, { ...plan, ...more }).deal;
}

/** Payments that come late, in parts, back, twice, or never were. */
export function addMoneyScenarios(builder: Builder): void {
  const late = order(builder, 'late-payment', 26, '12:10', { items: [item(3)], group: 'open' });
  builder.payLater(late, {
    at: builder.at(1, '11:05:20'),
    amount: late.amount,
    kind: 'bank',
    scenario: 'late-payment',
  });

  const full = order(builder, 'full-refund', 14, '15:20', { arrival: 'vk-autumn', oneC: 'exchange' });
  builder.pay(full, { at: full.createdAt + hourMs, amount: full.amount, scenario: 'full-refund' });
  builder.pay(full, { at: full.createdAt + 5 * dayMs, amount: -full.amount, kind: 'bank', scenario: 'full-refund' });

  const partial = order(builder, 'partial-refund', 13, '16:40', { items: [item(1), item(4)] });
  builder.pay(partial, {
    at: partial.createdAt + hourMs,
    amount: partial.amount,
    kind: 'card',
    scenario: 'partial-refund',
  });
  builder.payLater(partial, {
    at: builder.at(2, '13:00:11'),
    amount: -item(4).price,
    kind: 'bank',
    scenario: 'partial-refund',
  });

  addPartialPayments(builder);
  addCancelled(builder);
  addTwoSystems(builder);
  addKopecks(builder);
  addEdited(builder);
}

function addPartialPayments(builder: Builder): void {
  const prepaid = order(builder, 'partial-payments', 12, '10:05', { items: [item(3)], arrival: 'yandex-organic' });
  const first = 850033n;
  const scenario = 'partial-payments';
  builder.pay(prepaid, { at: prepaid.createdAt + 20 * minuteMs, amount: first, kind: 'card', scenario });
  builder.pay(prepaid, { at: prepaid.createdAt + 6 * dayMs, amount: prepaid.amount - first, kind: 'bank', scenario });
}

function addCancelled(builder: Builder): void {
  const undone = order(builder, 'payment-cancelled', 11, '11:45', { group: 'lost' });
  const document = builder.pay(undone, {
    at: undone.createdAt + hourMs,
    amount: undone.amount,
    kind: 'bank',
    scenario: 'payment-cancelled',
  });
  builder.later.push({ kind: 'payment', value: { ...document, isPosted: false } });

  const marked = order(builder, 'payment-marked-deleted', 9, '18:30', { oneC: 'exchange' });
  builder.pay(marked, {
    at: marked.createdAt + hourMs,
    amount: marked.amount,
    kind: 'card',
    scenario: 'payment-marked-deleted',
  });
  builder.pay(marked, {
    at: marked.createdAt + 2 * hourMs,
    amount: marked.amount,
    kind: 'bank',
    scenario: 'payment-marked-deleted',
    isDeleted: true,
  });

  builder.payments.push(
    builder.document({
      orderId: '',
      route: 'odata',
      at: builder.at(5, '14:14:14'),
      amount: 77701n,
      kind: 'bank',
      scenario: 'unknown-payment',
    }),
  );
}

function addTwoSystems(builder: Builder): void {
  const known = order(builder, 'same-order-two-systems', 10, '09:50', { oneC: 'exchange', arrival: 'mail-weekly' });
  builder.pay(known, {
    at: known.createdAt + 3 * hourMs,
    amount: known.amount,
    kind: 'bank',
    scenario: 'same-order-two-systems',
  });

  const one = order(builder, 'one-document-two-orders', 8, '10:10', { items: [item(2)], arrival: 'review-site' });
  const two = order(builder, 'one-document-two-orders', 8, '17:55', { items: [item(5)], arrival: 'google-organic' });
  const documentId = builder.random.uuid();
  const at = builder.at(builder.daysBack(6), '12:00:30');
  for (const [index, deal] of [one, two].entries()) {
    const line = { documentId, line: index + 1, at, amount: deal.amount, kind: 'bank' as const };
    builder.payments.push(
      builder.document({ ...line, orderId: deal.orderId, route: 'odata', scenario: 'one-document-two-orders' }),
    );
  }
}

function addKopecks(builder: Builder): void {
  const person = builder.person();
  const device = builder.device(person, 'desktop');
  const base = builder.daysBack(15);
  builder.visit({
    person,
    device,
    arrival: 'direct-brand',
    at: builder.at(base, '10:00'),
    scenario: 'kopeck-remainder',
  });
  builder.visit({
    person,
    device,
    arrival: 'vk-autumn',
    at: builder.at(base - 3, '11:00'),
    scenario: 'kopeck-remainder',
  });
  const { deal } = checkout(builder, {
    person,
    device,
    arrival: 'mail-weekly',
    at: builder.at(base - 5, '12:00'),
    items: [oddPriced(100001n)],
    scenario: 'kopeck-remainder',
    closedAt: builder.at(base - 6, '12:00'),
  });
  builder.pay(deal, { at: deal.createdAt + hourMs, amount: deal.amount, scenario: 'kopeck-remainder' });
}

function addEdited(builder: Builder): void {
  const changedAt = wholeSecond(builder.period.nowMs - 5 * minuteMs);
  const edited = order(builder, 'amount-edited', 7, '13:35', { group: 'open' });
  const amount = edited.amount + 150050n;
  builder.later.push({
    kind: 'deal',
    value: {
      ...edited,
      amount,
      group: 'won',
      stage: edited.pipeline ? `C${edited.pipeline}:WON` : 'WON',
      closedAt: changedAt,
      modifiedAt: changedAt,
    },
  });
  builder.payLater(edited, { at: builder.at(1, '16:00:05'), amount, kind: 'card', scenario: 'amount-edited' });

  const deleted = order(builder, 'deal-deleted', 6, '14:25', { group: 'open', oneC: null, arrival: 'google-organic' });
  builder.later.push({ kind: 'deal-deleted', id: deleted.id });
}
