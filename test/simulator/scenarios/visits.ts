import type { Builder } from '../builder.ts';
import { type Arrival, entrance, mailSource, vkCyrillicCampaign, vkSource } from '../campaigns.ts';
import { botUserAgents, site } from '../catalogue.ts';
import { dayMs, hourMs, minuteMs } from '../moscow.ts';
import type { ScenarioName } from '../scenario-names.ts';
import { checkout, direct, fillCart, finishCheckout, item } from './plans.ts';

/** Visits whose source or border is easy to get wrong. */
export function addVisitScenarios(builder: Builder): void {
  addReturns(builder);
  addInnerLinks(builder);
  addBorders(builder);
  addSpellings(builder);
  addRobots(builder);
  addLateVisit(builder);
}

function addReturns(builder: Builder): void {
  const gateways = [
    ['payment-return', 'https://yookassa.ru/payments/external/confirmation?orderId=2c1f', 45 * minuteMs, 5],
    ['payment-return-sberbank', 'https://securepayments.sberbank.ru/payment/merchants/pay.html', 52 * minuteMs, 12],
  ] as const;
  for (const [scenario, referrer, afterMs, daysBefore] of gateways) {
    const person = builder.person();
    const device = builder.device(person, 'mobile');
    const at = builder.at(builder.daysBack(daysBefore), '13:00');
    const plan = { person, device, arrival: 'direct-brand', at, items: [item(6)], scenario, closedAt: at + dayMs };
    const journey = fillCart(builder.visit(plan), plan.items).page('/cart/', 'Корзина').submit('checkout');
    const orderId = builder.nextOrder();
    const trackerVisit = builder.random.uuid();
    journey.page('/thanks/', 'Спасибо за заказ', { query: `order=${orderId}`, afterMs, referrer, trackerVisit });
    journey.purchase(orderId, plan.items, { trackerVisit });
    const request = builder.request('cart', journey.now(), person, null, scenario);
    const keys = { visit: journey.visit.id, visitor: device.visitorId };
    const deal = builder.deal({
      ...plan,
      at: journey.now() + 4_000,
      keys,
      group: 'won',
      oneC: 'odata',
      request,
      orderId,
    });
    builder.pay(deal, { at: journey.now() + 60_000, amount: deal.amount, kind: 'card', scenario });
  }
}

function addInnerLinks(builder: Builder): void {
  const { random } = builder;
  const visitor = (time: string, arrival: string | Arrival, scenario: ScenarioName, daysBefore = 4) => {
    const person = builder.person();
    return builder.visit({
      person,
      device: builder.device(person),
      arrival,
      at: builder.at(daysBefore, time),
      scenario,
    });
  };
  visitor('10:00', 'google-organic', 'own-subdomain')
    .page('/kak-vybrat/', 'Как выбрать чайник', { host: `blog.${site.host}` })
    .page('/p/kettle-17/', 'Чайник «Север»', { referrer: `https://blog.${site.host}/kak-vybrat/` });
  visitor('11:00', 'yandex-organic', 'internal-utm')
    .page('/sale/', 'Распродажа', { query: 'utm_source=banner&utm_medium=slider&utm_campaign=main_page' })
    .page('/p/mixer-4/', 'Миксер «Вихрь»');
  const landing = visitor('12:00', 'direct-kettles', 'landing-reload', 3);
  const first = landing.visit.hits[0];
  const query = first ? new URL(first.url).search.slice(1) : '';
  landing.page('/', 'Северный дом', { query, referrer: first?.referrer ?? '', afterMs: 40_000 });

  const person = builder.person();
  const device = builder.device(person);
  const at = builder.at(2, '15:00');
  builder
    .visit({ person, device, arrival: 'google-organic', at, scenario: 'two-sources' })
    .page('/catalog/', 'Каталог', { afterMs: 60_000 });
  builder
    .visit({ person, device, arrival: 'mail-cart', at: at + 9 * minuteMs, scenario: 'two-sources' })
    .page('/cart/', 'Корзина');
  visitor('16:00', entrance('google-ads').arrive(random), 'gclid-only', 2);
  visitor('17:00', entrance('direct-master').arrive(random), 'yclid-only', 2);
}

function addBorders(builder: Builder): void {
  const buyer = builder.person();
  const phone = builder.device(buyer, 'mobile');
  const evening = builder.at(builder.daysBack(10), '23:58:00');
  const midnight = {
    person: buyer,
    device: phone,
    arrival: 'vk-lookalike',
    at: evening,
    items: [item(4)],
    scenario: 'midnight-order',
    closedAt: evening + 2 * dayMs,
  } as const;
  const journey = builder.visit(midnight).page('/p/grinder-2/', 'Кофемолка', { afterMs: 60_000 }).cart(midnight.items);
  journey.page('/cart/', 'Корзина', { afterMs: 70_000 }).submit('checkout', { afterMs: 80_000 });
  journey.page('/pay/', 'Оплата', { afterMs: 90_000 });
  const { deal } = finishCheckout(builder, midnight, journey);
  builder.pay(deal, { at: deal.createdAt + 30_000, amount: deal.amount, kind: 'card', scenario: 'midnight-order' });

  const early = builder.person();
  const at = builder.at(builder.daysBack(9), '00:01:00');
  const night = checkout(builder, {
    person: early,
    device: builder.device(early),
    arrival: 'direct-brand',
    at,
    items: [item(1)],
    scenario: 'after-midnight-visit',
    closedAt: at + dayMs,
  });
  builder.pay(night.deal, {
    at: night.deal.createdAt + hourMs,
    amount: night.deal.amount,
    scenario: 'after-midnight-visit',
  });

  addWindowBorder(builder);
  addDirectAfterPaid(builder);
}

/** Conversion on day D: the visit in the last minute of D − 8 is outside a window of 7 days, that in the first of D − 7 inside. */
function addWindowBorder(builder: Builder): void {
  const person = builder.person();
  const device = builder.device(person, 'desktop');
  const scenario = 'window-border';
  builder.visit({ person, device, arrival: 'vk-lookalike', at: builder.at(11, '23:59:30'), scenario });
  builder.visit({ person, device, arrival: 'mail-weekly', at: builder.at(10, '00:00:30') + 31 * minuteMs, scenario });
  builder.visit({ person, device, arrival: 'google-organic', at: builder.at(5, '09:00'), scenario });
  const plan = {
    person,
    device,
    arrival: 'direct',
    at: builder.at(3, '20:00'),
    items: [item(0, 2)],
    scenario,
    closedAt: builder.at(2, '20:00'),
  } as const;
  const { deal } = checkout(builder, plan);
  builder.pay(deal, { at: deal.createdAt + hourMs, amount: deal.amount, scenario });

  const other = builder.person();
  const tablet = builder.device(other, 'tablet');
  builder.visit({ person: other, device: tablet, arrival: 'vk-lookalike', at: builder.at(12, '23:59:59'), scenario });
  builder.visit({ person: other, device: tablet, arrival: 'direct', at: builder.at(6, '10:00'), scenario });
  const at = builder.at(5, '12:00');
  const second = checkout(builder, {
    person: other,
    device: tablet,
    arrival: direct,
    at,
    items: [item(5)],
    scenario,
    closedAt: at + dayMs,
  });
  builder.pay(second.deal, { at: second.deal.createdAt + hourMs, amount: second.deal.amount, scenario });

  const third = builder.person();
  const laptop = builder.device(third, 'desktop');
  builder.visit({ person: third, device: laptop, arrival: 'vk-autumn', at: builder.at(11, '00:00:00'), scenario });
  const day = builder.at(4, '23:50');
  const last = checkout(builder, {
    person: third,
    device: laptop,
    arrival: direct,
    at: day - hourMs,
    items: [item(2)],
    scenario,
    closedAt: day + dayMs,
  });
  builder.pay(last.deal, { at: last.deal.createdAt + hourMs, amount: last.deal.amount, scenario });
}

function addDirectAfterPaid(builder: Builder): void {
  const person = builder.person();
  const device = builder.device(person, 'desktop');
  const scenario = 'direct-after-paid';
  builder
    .visit({ person, device, arrival: 'direct-kettles', at: builder.at(8, '12:30'), scenario })
    .page('/catalog/', 'Каталог');
  const at = builder.at(5, '19:10');
  const { deal } = checkout(builder, {
    person,
    device,
    arrival: direct,
    at,
    items: [item(2)],
    scenario,
    closedAt: at + dayMs,
  });
  builder.pay(deal, { at: deal.createdAt + hourMs, amount: deal.amount, scenario });
}

function addSpellings(builder: Builder): void {
  const referrer = 'https://vk.com/';
  const source = vkSource(vkCyrillicCampaign);
  const twice = encodeURIComponent(encodeURIComponent(vkCyrillicCampaign));
  const spellings: readonly (readonly [ScenarioName, string, Arrival['source']])[] = [
    ['utm-upper-case', 'UTM_SOURCE=VK&UTM_MEDIUM=CPC&UTM_CAMPAIGN=lookalike_2', vkSource('lookalike_2')],
    ['utm-double-encoded', `utm_source=vk&utm_medium=cpc&utm_campaign=${twice}`, source],
    ['utm-cp1251', 'utm_source=vk&utm_medium=cpc&utm_campaign=%EE%F1%E5%ED%FC_%F1%EA%E8%E4%EA%E8', source],
  ];
  for (const [index, [scenario, tags, truth]] of spellings.entries()) {
    const person = builder.person();
    const query = `${tags}&rb_clickid=${builder.random.digits(12)}`;
    const at = builder.at(builder.daysBack(index === 1 ? 16 : 3), `1${index}:20`);
    const arrival = { query, referrer, source: truth };
    const plan = {
      person,
      device: builder.device(person),
      arrival,
      at,
      items: [item(index + 4)],
      scenario,
      closedAt: at + dayMs,
    };
    const { deal } = checkout(builder, plan);
    builder.pay(deal, { at: deal.createdAt + hourMs, amount: deal.amount, scenario });
  }
  const person = builder.person();
  const macro = {
    ...entrance('direct-master').arrive(builder.random),
    query: `utm_source=yandex&utm_medium=cpc&utm_campaign={campaign_id}&yclid=${builder.random.digits(19)}`,
  };
  builder.visit({
    person,
    device: builder.device(person),
    arrival: macro,
    at: builder.at(3, '14:40'),
    scenario: 'unexpanded-macro',
  });
}

function addRobots(builder: Builder): void {
  for (const [index, userAgent] of botUserAgents.entries()) {
    for (let round = 0; round < 12; round++) {
      const person = builder.person();
      const device = { visitorId: builder.random.uuid(), kind: 'desktop' as const, userAgent };
      const at = builder.at(1 + (round % builder.daysBack(20)), `0${index + 2}:${10 + round}`);
      builder.visit({ person, device, arrival: direct, at, isBot: true, scenario: 'bot' }).page('/catalog/', 'Каталог');
    }
  }
}

/** The tracker kept this visit while the network was away: it arrives after the deal that it explains. */
function addLateVisit(builder: Builder): void {
  const person = builder.person();
  const device = builder.device(person, 'mobile');
  const arrival: Arrival = {
    query: 'utm_source=unisender&utm_medium=email&utm_campaign=abandoned_cart',
    referrer: '',
    source: mailSource('abandoned_cart'),
  };
  const journey = builder.visit({ person, device, arrival, at: builder.at(4, '18:05'), scenario: 'late-visit' });
  builder.visits.pop();
  builder.later.push({ kind: 'visit', value: journey.page('/cart/', 'Корзина').visit });
  const deal = builder.deal({
    person,
    at: journey.now() + 2 * hourMs,
    items: [item(7)],
    keys: { visit: journey.visit.id, visitor: device.visitorId },
    group: 'open',
    request: null,
    orderId: builder.nextOrder(),
    oneC: 'odata',
    scenario: 'late-visit',
  });
  builder.pay(deal, { at: deal.createdAt + 3 * hourMs, amount: deal.amount, scenario: 'late-visit' });
}
