import type { Mapped } from '../../source.ts';
import { orderId, versionOf } from './deal-record.ts';
import type { ExchangeMapContext } from './map-context.ts';
import { readOnecTime } from './onec-time.ts';
import { type OrderDocument, requisite } from './order-document.ts';
import { orderStatus } from './order-status.ts';

/** A step of the order's status history, when the document says since when its status stands. Answers of 1C without a sum give it too. */
export function stageRecords(document: OrderDocument, context: ExchangeMapContext): Mapped[] {
  const { group, code, name } = orderStatus(document, context.settings.status_groups);
  const enteredAt = readOnecTime(requisite(document, 'датаизменениястатуса'), context.timezone);
  const dealId = orderId(document);
  const stage = code ?? name;
  if (enteredAt === undefined || dealId === undefined || stage === undefined) return [];
  const input = {
    source: context.sourceId,
    id: `${dealId}:${enteredAt}`,
    deal_id: dealId,
    entered_at: enteredAt,
    stage,
    status: group,
  };
  return [{ ok: true, item: { entity: 'stage', input }, ...versionOf(context) }];
}
