import { managers, pipelines, spamStage } from '../catalogue.ts';
import type { CrmLead, Deal, Person, State } from '../model.ts';
import { minuteMs, moscowIso } from '../moscow.ts';
import type { World } from '../world.ts';

export type CrmRow = Record<string, unknown> & { ID: string };

const roubles = (kopecks: bigint): string => {
  const digits = kopecks.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

const semanticsOf = { open: 'P', won: 'S', lost: 'F', excluded: 'F' } as const;

/** Custom fields of the portal: what the site's forms send and what the managers keep. */
export const customFields = {
  UF_CRM_TL_VISIT: 'Throughline: визит',
  UF_CRM_TL_VISITOR: 'Throughline: посетитель',
  UF_CRM_TL_CODE: 'Throughline: код визита',
  UF_CRM_TL_COGS: 'Себестоимость',
  UF_CRM_TL_DELIVERY: 'Доставка',
  UF_CRM_TL_LOSS: 'Причина отказа',
} as const;

/** A deal as crm.deal.list prints it: https://apidocs.bitrix24.ru/api-reference/crm/deals/crm-deal-list.html */
export function dealRow(deal: Deal, person: Person | undefined, codes: World['codes']): CrmRow {
  const isClosed = deal.group !== 'open';
  return {
    ID: deal.id,
    TITLE: `Заказ ${deal.orderId}`,
    TYPE_ID: 'SALE',
    STAGE_ID: deal.stage,
    STAGE_SEMANTIC_ID: semanticsOf[deal.group],
    CATEGORY_ID: String(deal.pipeline),
    OPPORTUNITY: roubles(deal.amount),
    CURRENCY_ID: 'RUB',
    IS_MANUAL_OPPORTUNITY: 'N',
    TAX_VALUE: '0.00',
    CONTACT_ID: person?.contactId === undefined ? '0' : String(person.contactId),
    COMPANY_ID: '0',
    LEAD_ID: deal.crmLeadId === null ? null : String(deal.crmLeadId),
    CLOSED: isClosed ? 'Y' : 'N',
    OPENED: 'Y',
    BEGINDATE: `${moscowIso(deal.createdAt).slice(0, 10)}T03:00:00+03:00`,
    CLOSEDATE: `${moscowIso(deal.createdAt + 7 * 86_400_000).slice(0, 10)}T03:00:00+03:00`,
    ASSIGNED_BY_ID: String(deal.managerId),
    DATE_CREATE: moscowIso(deal.createdAt),
    DATE_MODIFY: moscowIso(deal.modifiedAt),
    SOURCE_ID: 'WEB',
    SOURCE_DESCRIPTION: '',
    ORIGINATOR_ID: 'shop',
    ORIGIN_ID: deal.orderId,
    UTM_SOURCE: null,
    UTM_MEDIUM: null,
    UTM_CAMPAIGN: null,
    UTM_CONTENT: null,
    UTM_TERM: null,
    UF_CRM_TL_VISIT: deal.keys.visit ?? '',
    UF_CRM_TL_VISITOR: deal.keys.visitor ?? '',
    UF_CRM_TL_CODE: codeText(deal, codes),
    UF_CRM_TL_COGS: deal.cogs === null ? '' : roubles(deal.cogs),
    UF_CRM_TL_DELIVERY: deal.delivery === null ? '' : roubles(deal.delivery),
    UF_CRM_TL_LOSS: deal.lossReason,
  };
}

/** The code of the visit as the collector gave it, or as a manager typed what the buyer told. */
function codeText(deal: Deal, codes: World['codes']): string {
  if (deal.keys.code !== undefined) return deal.keys.code;
  const visitId = deal.keys.codeOfVisit ?? deal.keys.visit;
  const code = visitId === undefined ? undefined : codes.get(visitId);
  if (code === undefined) return '';
  return deal.keys.codeSpaced ? ` ${code.slice(0, 2)} ${code.slice(2)} ` : code;
}

// As people type them: the CRM keeps the text.
const spellPhone = (phone: string, index: number): string => {
  const [, a, b, c, d] = /^\+7(\d{3})(\d{3})(\d\d)(\d\d)$/.exec(phone) ?? [];
  if (index % 3 === 0) return `8 (${a}) ${b}-${c}-${d}`;
  return index % 3 === 1 ? `+7 ${a} ${b}-${c}-${d}` : `7${a}${b}${c}${d}`;
};

/** Contact card with its multifields, which come only when they are selected. */
export function contactRow(person: Person, contactId: number, createdAt: number): CrmRow {
  return {
    ID: String(contactId),
    NAME: person.name,
    LAST_NAME: '',
    ASSIGNED_BY_ID: '11',
    DATE_CREATE: moscowIso(createdAt),
    DATE_MODIFY: moscowIso(createdAt),
    HAS_PHONE: 'Y',
    HAS_EMAIL: 'Y',
    PHONE: [{ ID: `9${contactId}`, VALUE_TYPE: 'WORK', VALUE: spellPhone(person.phone, contactId), TYPE_ID: 'PHONE' }],
    EMAIL: [
      {
        ID: `8${contactId}`,
        VALUE_TYPE: 'HOME',
        VALUE: contactId % 4 === 0 ? person.email.toUpperCase() : person.email,
        TYPE_ID: 'EMAIL',
      },
    ],
  };
}

export function leadRow(lead: CrmLead, person: Person | undefined): CrmRow {
  return {
    ID: String(lead.id),
    TITLE: 'Звонок',
    STATUS_ID: lead.isConverted ? 'CONVERTED' : 'NEW',
    STATUS_SEMANTIC_ID: lead.isConverted ? 'S' : 'P',
    OPPORTUNITY: '0.00',
    CURRENCY_ID: 'RUB',
    SOURCE_ID: 'CALL',
    CONTACT_ID: person?.contactId === undefined ? null : String(person.contactId),
    HAS_PHONE: 'Y',
    HAS_EMAIL: 'N',
    ASSIGNED_BY_ID: '11',
    DATE_CREATE: moscowIso(lead.createdAt),
    DATE_MODIFY: moscowIso(lead.createdAt),
    DATE_CLOSED: lead.isConverted ? moscowIso(lead.createdAt) : '',
    PHONE: person
      ? [{ ID: `7${lead.id}`, VALUE_TYPE: 'WORK', VALUE: spellPhone(person.phone, lead.id), TYPE_ID: 'PHONE' }]
      : [],
    UF_CRM_TL_VISIT: '',
    UF_CRM_TL_VISITOR: '',
    UF_CRM_TL_CODE: '',
  };
}

/** Steps of a deal: created, sometimes moved on, ended. Times come in UTC, as the vendor's example shows. */
export function stageRows(deal: Deal): (CrmRow & { OWNER_ID: string })[] {
  const prefix = deal.pipeline === 0 ? '' : `C${deal.pipeline}:`;
  const steps = [{ type: 1, at: deal.createdAt, stage: `${prefix}NEW`, semantics: 'P' }];
  if (deal.group === 'open' && deal.stage !== `${prefix}NEW`) {
    steps.push({ type: 2, at: deal.createdAt + 10 * minuteMs, stage: deal.stage, semantics: 'P' });
  }
  if (deal.closedAt !== null) {
    steps.push({ type: 3, at: deal.closedAt, stage: deal.stage, semantics: semanticsOf[deal.group] });
  }
  return steps.map((step, index) => ({
    ID: String(Number(deal.id) * 10 + index),
    TYPE_ID: String(step.type),
    OWNER_ID: deal.id,
    CREATED_TIME: `${new Date(step.at).toISOString().slice(0, 19)}+00:00`,
    CATEGORY_ID: String(deal.pipeline),
    STAGE_SEMANTIC_ID: step.semantics,
    STAGE_ID: step.stage,
  }));
}

/** Lines of a deal: https://apidocs.bitrix24.ru/api-reference/crm/deals/crm-deal-productrows-get.html */
export const productRows = (deal: Deal): Record<string, unknown>[] =>
  deal.items.map((item, index) => ({
    ID: `${deal.id}${index + 1}`,
    OWNER_ID: deal.id,
    OWNER_TYPE: 'D',
    PRODUCT_ID: 400 + index,
    PRODUCT_NAME: item.name,
    PRICE: Number(item.price) / 100,
    PRICE_EXCLUSIVE: Number(item.price) / 100,
    PRICE_NETTO: Number(item.price) / 100,
    PRICE_BRUTTO: Number(item.price) / 100,
    PRICE_ACCOUNT: roubles(item.price),
    QUANTITY: item.quantity,
    DISCOUNT_TYPE_ID: 2,
    DISCOUNT_RATE: 0,
    DISCOUNT_SUM: 0,
    TAX_RATE: null,
    TAX_INCLUDED: 'Y',
    MEASURE_CODE: 796,
    MEASURE_NAME: 'шт',
    XML_ID: `sale_basket_${deal.id}${index}`,
    TYPE: 1,
  }));

const stageNames: readonly (readonly [string, string, string | null])[] = [
  ['NEW', 'Новая', null],
  ['PREPARATION', 'Подготовка документов', null],
  ['PREPAYMENT_INVOICE', 'Счёт на предоплату', null],
  ['EXECUTING', 'В работе', null],
  ['WON', 'Сделка успешна', 'S'],
  ['LOSE', 'Сделка провалена', 'F'],
];

/** Stages of both pipelines as crm.status.list prints them. */
export function statusRows(): CrmRow[] {
  const stages = pipelines.flatMap(({ id }) =>
    [...stageNames, ...(id === 0 ? [[spamStage, 'Спам', 'F'] as const] : [])].map(([code, name, semantics]) => ({
      ENTITY_ID: id === 0 ? 'DEAL_STAGE' : `DEAL_STAGE_${id}`,
      STATUS_ID: id === 0 ? code : `C${id}:${code}`,
      NAME: name,
      SEMANTICS: semantics,
      CATEGORY_ID: id === 0 ? null : String(id),
    })),
  );
  return stages.map((stage, index) => ({
    ID: String(101 + 2 * index),
    NAME_INIT: stage.NAME,
    SORT: String(10 * (index + 1)),
    SYSTEM: 'Y',
    COLOR: '#39A8EF',
    EXTRA: { SEMANTICS: 'process', COLOR: '#39A8EF' },
    ...stage,
  }));
}

export const categories = () =>
  pipelines.map(({ id, name }) => ({
    id,
    name,
    sort: 200 + id,
    entityTypeId: 2,
    isDefault: id === 0 ? 'Y' : 'N',
    originId: '',
    originatorId: '',
  }));

export const users = (): CrmRow[] =>
  managers.map(({ id, name, lastName }) => ({ ID: String(id), ACTIVE: true, NAME: name, LAST_NAME: lastName }));

/** Everything the portal lists in a state, by growing id. */
export function crmOf(state: State, codes: World['codes']) {
  const deals = [...state.deals.values()]
    .filter((deal) => deal.home === 'crm')
    .sort((a, b) => Number(a.id) - Number(b.id));
  const createdAt = new Map<string, number>();
  for (const record of [...state.crmLeads.values(), ...deals]) {
    createdAt.set(record.personId, Math.min(record.createdAt, createdAt.get(record.personId) ?? record.createdAt));
  }
  const contacts = [...state.people.values()].flatMap((person) => {
    const since = createdAt.get(person.id);
    return person.contactId === undefined || since === undefined ? [] : [contactRow(person, person.contactId, since)];
  });
  return {
    deals: deals.map((deal) => dealRow(deal, contactOf(deal, state), codes)),
    dealById: new Map(deals.map((deal) => [deal.id, deal])),
    contacts: contacts.sort((a, b) => Number(a.ID) - Number(b.ID)),
    leads: [...state.crmLeads.values()].map((lead) => leadRow(lead, state.people.get(lead.personId))),
    stages: deals.flatMap(stageRows).sort((a, b) => Number(a.ID) - Number(b.ID)),
  };
}

/** A deal found by the visit code alone has no contact: nobody wrote one down. */
const contactOf = (deal: Deal, state: State): Person | undefined => state.people.get(deal.personId);
