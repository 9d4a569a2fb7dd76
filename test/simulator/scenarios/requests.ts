import type { Builder } from '../builder.ts';
import { dayMs, hourMs, minuteMs } from '../moscow.ts';
import { addCrmLeadOfForm, addCrmLeads } from './crm-leads.ts';
import { checkout, direct, fillCart, finishCheckout, item, requestByForm } from './plans.ts';

/** Requests, and the ways from a deal to its visit. */
export function addRequestScenarios(builder: Builder): void {
  addForms(builder);
  addMatches(builder);
  addOutsiders(builder);
  addRepeatBuyer(builder);
}

function addForms(builder: Builder): void {
  const alone = builder.person();
  const callback = builder.visit({
    person: alone,
    device: builder.device(alone),
    arrival: 'yandex-organic',
    at: builder.at(3, '10:30'),
    scenario: 'callback-without-deal',
  });
  callback.page('/contacts/', 'Контакты').submit('callback');
  builder.request('form', callback.now(), alone, 'callback', 'callback-without-deal');

  const hasty = builder.person();
  const device = builder.device(hasty);
  const journey = builder.visit({
    person: hasty,
    device,
    arrival: 'direct-brand',
    at: builder.at(4, '12:15'),
    scenario: 'form-double-click',
  });
  journey.page('/contacts/', 'Контакты').submit('request');
  const request = builder.request('form', journey.now(), hasty, 'request', 'form-double-click');
  journey.submit('request', { afterMs: 1_400 });
  const twice = builder.deal({
    person: hasty,
    at: journey.now() + 6_000,
    items: [item(1)],
    keys: { visit: journey.visit.id, visitor: device.visitorId },
    group: 'won',
    closedAt: journey.now() + dayMs,
    request,
    orderId: builder.nextOrder(),
    oneC: 'exchange',
    scenario: 'form-double-click',
  });
  builder.pay(twice, { at: twice.createdAt + 2 * hourMs, amount: twice.amount, scenario: 'form-double-click' });

  addRepeats(builder);
  const base = { items: [item(0)], arrival: 'google-organic' as const };
  const lost = builder.person();
  const lostAt = builder.at(builder.daysBack(17), '11:11');
  requestByForm(builder, {
    ...base,
    person: lost,
    device: builder.device(lost),
    at: lostAt,
    scenario: 'lost-deal',
    group: 'lost',
    closedAt: lostAt + 3 * dayMs,
    oneC: null,
  });
  const spam = builder.person();
  const spamAt = builder.at(6, '04:04');
  requestByForm(builder, {
    ...base,
    person: spam,
    device: builder.device(spam),
    at: spamAt,
    scenario: 'excluded-deal',
    group: 'excluded',
    closedAt: spamAt + hourMs,
    oneC: null,
  });
}

function addRepeats(builder: Builder): void {
  const person = builder.person();
  const device = builder.device(person, 'mobile');
  const at = builder.at(4, '20:20');
  const plan = {
    person,
    device,
    arrival: 'vk-autumn',
    at,
    items: [item(6)],
    closedAt: at + dayMs,
    scenario: 'thank-you-reload',
  } as const;
  const { journey, orderId, deal } = checkout(builder, plan);
  journey.page('/thanks/', 'Спасибо за заказ', { query: `order=${orderId}`, afterMs: 5 * minuteMs });
  journey.purchase(orderId, plan.items);
  builder.pay(deal, { at: deal.createdAt + hourMs, amount: deal.amount, scenario: 'thank-you-reload' });

  for (const daysBefore of [2, 9]) {
    const impatient = builder.person();
    const visit = builder.visit({
      person: impatient,
      device: builder.device(impatient),
      arrival: 'vk-lookalike',
      at: builder.at(daysBefore, '10:50'),
      scenario: 'duplicate-delivery',
    });
    visit.page('/catalog/', 'Каталог').submit('callback');
    builder.request('form', visit.now(), impatient, 'callback', 'duplicate-delivery');
    visit.visit.deliveries = 2;
  }
}

function addMatches(builder: Builder): void {
  const told = builder.person();
  const device = builder.device(told, 'desktop');
  const seen = builder
    .visit({
      person: told,
      device,
      arrival: 'direct-kettles',
      at: builder.at(2, '11:30'),
      scenario: 'code-with-spaces',
    })
    .page('/p/coffee-9/', 'Кофемашина «Альба»');
  const byCode = builder.deal({
    person: told,
    at: seen.now() + 12 * minuteMs,
    items: [item(3)],
    keys: { codeOfVisit: seen.visit.id, codeSpaced: true },
    hasContact: false,
    group: 'open',
    request: null,
    orderId: builder.nextOrder(),
    oneC: 'odata',
    scenario: 'code-with-spaces',
  });
  builder.pay(byCode, { at: byCode.createdAt + hourMs, amount: byCode.amount, scenario: 'code-with-spaces' });

  for (const scenario of ['phone-only-match', 'email-only-match'] as const) {
    const isPhone = scenario === 'phone-only-match';
    const person = builder.person();
    const visit = builder.visit({
      person,
      device: builder.device(person),
      arrival: isPhone ? 'direct-brand' : 'mail-weekly',
      at: builder.at(builder.daysBack(11), '15:15'),
      scenario,
    });
    visit.page('/account/', 'Личный кабинет').identify(isPhone ? { phone: person.phone } : { email: person.email });
    const deal = builder.deal({
      person,
      at: visit.now() + 2 * dayMs,
      items: [item(5)],
      keys: isPhone ? { phone: person.phone } : { email: person.email },
      group: 'won',
      closedAt: visit.now() + 4 * dayMs,
      request: null,
      orderId: builder.nextOrder(),
      oneC: 'exchange',
      scenario,
    });
    builder.pay(deal, { at: deal.createdAt + dayMs, amount: deal.amount, scenario });
  }

  const quiet = builder.person();
  const at = builder.at(7, '09:09');
  const plan = {
    person: quiet,
    device: builder.device(quiet),
    arrival: 'google-organic',
    at,
    items: [item(4)],
    keys: {},
    closedAt: at + dayMs,
    scenario: 'order-only-match',
  } as const;
  const { deal } = checkout(builder, plan);
  builder.pay(deal, { at: deal.createdAt + hourMs, amount: deal.amount, scenario: 'order-only-match' });
}

function addOutsiders(builder: Builder): void {
  const caller = builder.person();
  const at = builder.at(builder.daysBack(13), '17:17');
  const byPhone = builder.deal({
    person: caller,
    at,
    items: [item(7)],
    keys: { phone: caller.phone },
    group: 'won',
    closedAt: at + 2 * dayMs,
    request: null,
    orderId: builder.nextOrder(),
    oneC: 'odata',
    scenario: 'phone-order',
  });
  builder.pay(byPhone, { at: at + dayMs, amount: byPhone.amount, scenario: 'phone-order' });

  for (const [index, home] of (['odata', 'exchange'] as const).entries()) {
    const stranger = builder.person();
    const created = builder.at(builder.daysBack(12 - index), '12:34:56');
    const deal = builder.deal({
      person: stranger,
      at: created,
      items: [item(index)],
      keys: {},
      home,
      group: 'won',
      request: null,
      orderId: builder.nextOrder(),
      hasCogs: false,
      scenario: 'onec-only-order',
    });
    builder.pay(deal, { at: created + hourMs, amount: deal.amount, scenario: 'onec-only-order' });
  }
  addLostToCrm(builder);
  addCrmLeads(builder);
  addCrmLeadOfForm(builder);
}

/** The site took the order, the CRM never got it: 1C and the purchase event are all there is. */
function addLostToCrm(builder: Builder): void {
  const person = builder.person();
  const device = builder.device(person);
  const plan = {
    person,
    device,
    arrival: 'yandex-organic',
    at: builder.at(8, '21:21'),
    items: [item(6)],
    hasContact: false,
    scenario: 'onec-only-site-order',
  } as const;
  const journey = fillCart(builder.visit(plan), plan.items).page('/cart/', 'Корзина').submit('checkout');
  const { deal } = finishCheckout(builder, plan, journey);
  builder.deals.pop();
  const home = {
    ...deal,
    id: builder.random.uuid(),
    home: 'odata' as const,
    oneC: null,
    keys: {},
    cogs: null,
    delivery: null,
    closedAt: null,
  };
  builder.deals.push(home);
  builder.pay(home, { at: home.createdAt + hourMs, amount: home.amount, scenario: 'onec-only-site-order' });
}

/** Two purchases from two devices: only the phone of the contact card joins them. */
function addRepeatBuyer(builder: Builder): void {
  const scenario = 'repeat-buyer-two-devices';
  const person = builder.person();
  const laptop = builder.device(person, 'desktop');
  const phone = builder.device(person, 'mobile');
  const start = builder.daysBack(19);
  const one = {
    person,
    device: laptop,
    arrival: 'direct-brand',
    at: builder.at(start, '10:40'),
    items: [item(0)],
    scenario,
    closedAt: builder.at(start - 2, '10:00'),
  } as const;
  const first = checkout(builder, one);
  builder.pay(first.deal, { at: first.deal.createdAt + hourMs, amount: first.deal.amount, scenario });
  builder.visit({ person, device: phone, arrival: 'vk-autumn', at: builder.at(start - 12, '09:00'), scenario });
  const two = {
    person,
    device: phone,
    arrival: direct,
    at: builder.at(start - 13, '20:40'),
    items: [item(5)],
    scenario,
    closedAt: builder.at(start - 15, '10:00'),
  } as const;
  const second = checkout(builder, two);
  builder.pay(second.deal, { at: second.deal.createdAt + hourMs, amount: second.deal.amount, scenario });
}
