import type { Builder } from '../builder.ts';
import { dayMs, hourMs } from '../moscow.ts';
import { item } from './plans.ts';

/** Calls that the CRM alone took down. */
export function addCrmLeads(builder: Builder): void {
  for (const scenario of ['crm-lead', 'crm-lead-open'] as const) {
    const person = builder.person();
    const at = builder.at(scenario === 'crm-lead' ? 9 : 1, '16:06');
    const journey = builder.visit({
      person,
      device: builder.device(person),
      arrival: 'direct-kettles',
      at: at - 5 * hourMs,
      scenario,
    });
    journey.page('/account/', 'Личный кабинет').identify({ phone: person.phone });
    const isConverted = scenario === 'crm-lead';
    const { lead, request } = builder.crmLead(person, at, isConverted, scenario);
    if (!isConverted) continue;
    const deal = builder.deal({
      person,
      at: at + dayMs,
      items: [item(3)],
      keys: { phone: person.phone },
      group: 'won',
      closedAt: at + 3 * dayMs,
      request,
      orderId: builder.nextOrder(),
      oneC: 'odata',
      crmLeadId: lead.id,
      scenario,
    });
    builder.pay(deal, { at: at + 2 * dayMs, amount: deal.amount, scenario });
  }
}

/** The site hands its form to a CRM that works with leads: the tag and the CRM tell of one request. */
export function addCrmLeadOfForm(builder: Builder): void {
  const scenario = 'crm-lead-of-form';
  const person = builder.person();
  const journey = builder.visit({
    person,
    device: builder.device(person),
    arrival: 'direct-kettles',
    at: builder.at(8, '13:31'),
    scenario,
  });
  journey.page('/account/', 'Личный кабинет').identify({ phone: person.phone });
  journey.page('/contacts/', 'Контакты').submit('request');
  const request = builder.request('form', journey.now(), person, 'request', scenario);
  const lead = builder.crmLeadOf(request, person, journey.now() + 4_000, true);
  const deal = builder.deal({
    person,
    at: journey.now() + 3 * hourMs,
    items: [item(2)],
    keys: { phone: person.phone },
    group: 'won',
    closedAt: journey.now() + 3 * dayMs,
    request,
    orderId: builder.nextOrder(),
    oneC: 'odata',
    crmLeadId: lead.id,
    scenario,
  });
  builder.pay(deal, { at: deal.createdAt + dayMs, amount: deal.amount, scenario });
}
