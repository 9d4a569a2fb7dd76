import type { DealInput } from '../../../domain/record/index.ts';
import { flag, type OrderDocument, requisite } from './order-document.ts';
import type { OnecExchangeSettings } from './settings.ts';
import { plainName } from './xml-node.ts';

export interface OrderStatus {
  readonly group: DealInput['status'];
  /** Code of the site: `F`. */
  readonly code: string | undefined;
  readonly name: string | undefined;
}

const wonNames = /^(выполнен|доставлен|отгружен|завершен|исполнен|выдан|реализован|закрыт|получен)(а|о)?$/;
const lostNames = /^(отменен|аннулирован|возвращен|отклонен)(а|о)?$|^(отмена|отказ|возврат)/;

/**
 * Group of an order. A deleted or unposted document is no fact and is excluded; a cancelled one keeps its sum and is lost.
 * Then the project's own groups, then the usual names, then the site's mark of a final status; otherwise it is open.
 */
export function orderStatus(document: OrderDocument, groups: OnecExchangeSettings['status_groups']): OrderStatus {
  const { code, name } = statusName(document);
  return { group: statusGroup(document, code, name, groups ?? {}), code, name };
}

/** `[F] Выполнен` of a site, or the plain name of 1C. */
function statusName(document: OrderDocument): { code: string | undefined; name: string | undefined } {
  const written = requisite(document, 'статусзаказа');
  const id = requisite(document, 'статусазаказаид', 'статусзаказаид');
  const coded = /^\[([^\]]+)\]\s*(.*)$/s.exec(written ?? '');
  if (coded === null) return { code: id, name: written };
  return { code: coded[1], name: coded[2] === '' ? coded[1] : coded[2] };
}

function statusGroup(
  document: OrderDocument,
  code: string | undefined,
  name: string | undefined,
  groups: NonNullable<OnecExchangeSettings['status_groups']>,
): DealInput['status'] {
  if (flag(document, 'пометкаудаления') === true || flag(document, 'проведен') === false) return 'excluded';
  if (flag(document, 'отменен') === true) return 'lost';
  const plain = plainName(name ?? '');
  const own = Object.entries(groups).find(([key]) => key === code || (plain !== '' && plainName(key) === plain));
  if (own !== undefined) return own[1];
  if (lostNames.test(plain)) return 'lost';
  if (wonNames.test(plain) || flag(document, 'финальныйстатус') === true) return 'won';
  return 'open';
}
