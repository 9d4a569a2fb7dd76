import { createHash } from 'node:crypto';
import type { Deal, Item, Person } from '../model.ts';

const guidOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-11ec-ad72-${hex.slice(12, 24)}`;
};

/** Guids under which 1C keeps what other systems know by other names. */
export const partnerGuid = (person: Person): string => guidOf(`partner/${person.id}`);
export const goodsGuid = (item: Item): string => guidOf(`goods/${item.productId}`);
export const roubleGuid = guidOf('currency/643');
export const organisationGuid = guidOf('organisation');
export const emptyGuid = '00000000-0000-0000-0000-000000000000';

/** Ref_Key of the order document: an order born in 1C has its guid as its id. */
export const orderGuid = (deal: Deal): string => (deal.home === 'odata' ? deal.id : guidOf(`order/${deal.orderId}`));

/** Kopecks as 1C writes a number in JSON: without trailing zeros. */
export const amountNumber = (kopecks: bigint): number => Number(kopecks) / 100;

export const amountText = (kopecks: bigint, digits: number): string => {
  const text = kopecks.toString().padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`.padEnd(text.length + 1 + digits - 2, '0');
};
