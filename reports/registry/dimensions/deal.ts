import { sql } from 'kysely';
import { type Dimension, dealValue } from '../dimension.ts';

/** Properties of the request, the deal, the payment and the cost row themselves. */
export const dealDimensions: readonly Dimension[] = [
  {
    name: 'form_id',
    type: 'string',
    label: { en: 'Form', ru: 'Форма' },
    description: { en: 'Form of the request.', ru: 'Форма, из которой пришла заявка.' },
    own: {
      leads: sql`l.form_id`,
      deals: sql`d.form_id`,
      payments: sql`d.form_id`,
      cohort: sql`d.form_id`,
    },
    throughDeal: ['payments'],
  },
  {
    name: 'request_page',
    type: 'string',
    label: { en: 'Page of the request', ru: 'Страница заявки' },
    description: { en: 'Page the request was made on.', ru: 'Страница, с которой отправлена заявка.' },
    own: {
      leads: sql`l.request_page`,
      deals: sql`d.request_page`,
      payments: sql`d.request_page`,
      cohort: sql`d.request_page`,
    },
    throughDeal: ['payments'],
  },
  dealValue('pipeline', sql`d.pipeline`, {
    label: { en: 'Pipeline', ru: 'Воронка' },
    description: { en: 'Pipeline of the deal.', ru: 'Воронка сделки.' },
  }),
  dealValue('status', sql`if(d.status_name != '', d.status_name, d.status)`, {
    label: { en: 'Stage', ru: 'Стадия' },
    description: { en: 'Stage of the deal now.', ru: 'Текущая стадия сделки.' },
  }),
  dealValue('status_group', sql`d.status_group`, {
    label: { en: 'Outcome', ru: 'Итог сделки' },
    description: { en: 'open, won, lost or excluded.', ru: 'open, won, lost или excluded.' },
  }),
  dealValue('loss_reason', sql`d.loss_reason`, {
    label: { en: 'Loss reason', ru: 'Причина отказа' },
    description: { en: 'Why the deal was lost.', ru: 'Почему сделка проиграна.' },
  }),
  dealValue('manager', sql`d.manager`, {
    label: { en: 'Manager', ru: 'Менеджер' },
    description: { en: 'Who keeps the deal.', ru: 'Ответственный за сделку.' },
  }),
  dealValue('deal_source', sql`d.deal_source`, {
    label: { en: 'System of the deal', ru: 'Система сделки' },
    description: { en: 'CRM or shop the deal came from.', ru: 'CRM или магазин, откуда пришла сделка.' },
  }),
  dealValue('client_type', sql`multiIf(d.sale_no = 1, 'new', d.sale_no > 1, 'returning', '')`, {
    label: { en: 'Client', ru: 'Клиент' },
    description: {
      en: 'new: first sale of the client; returning: a later one; empty when the deal is not a sale.',
      ru: 'new — первая продажа клиента, returning — следующие; пусто, если сделка не продажа.',
    },
  }),
  {
    name: 'payment_method',
    type: 'string',
    label: { en: 'Way of payment', ru: 'Способ оплаты' },
    description: { en: 'How the money was paid.', ru: 'Как прошла оплата.' },
    own: { payments: sql`p.payment_method` },
  },
  {
    name: 'currency',
    type: 'string',
    label: { en: 'Currency', ru: 'Валюта' },
    description: {
      en: 'Currency of the document; amounts are shown in the currency of the report.',
      ru: 'Валюта документа; суммы показаны в валюте отчёта.',
    },
    own: { costs: sql`c.currency`, deals: sql`d.currency`, payments: sql`p.currency`, cohort: sql`d.currency` },
  },
  {
    name: 'cost_level',
    type: 'string',
    label: { en: 'Detail of the cost', ru: 'Детализация расхода' },
    description: {
      en: 'account, campaign, adgroup, ad or keyword.',
      ru: 'account, campaign, adgroup, ad или keyword.',
    },
    own: { costs: sql`c.cost_level` },
  },
];

/** A field of the deal that only its source knows, by its name there. */
export function dealField(field: string): Dimension {
  return dealValue(`deal_field:${field}`, sql`d.fields[${field}]`, {
    label: { en: `Deal: ${field}`, ru: `Сделка: ${field}` },
    description: { en: 'A field of the deal by its name in the source.', ru: 'Поле сделки по его имени в источнике.' },
  });
}
