import type { StageInput } from '../../../domain/record/index.ts';
import type { Mapped } from '../../source.ts';
import { isPatch, orderId, versionOf } from './deal-record.ts';
import { badDocument, badRequisiteDate } from './document-place.ts';
import type { ExchangeMapContext } from './map-context.ts';
import { readOnecTime } from './onec-time.ts';
import { flag, type OrderDocument, requisite } from './order-document.ts';
import { orderStatus } from './order-status.ts';

/**
 * A step of the order's status history, when the document says since when its status stands. Of an answer of 1C without a
 * sum it is all there is: it decides the order's status, and stands since the instant of the file when it names no other.
 */
export function stageRecords(document: OrderDocument, context: ExchangeMapContext): Mapped[] {
  const isAnswer = isPatch(document);
  const { group, code, name } = orderStatus(document, context.settings.status_groups);
  const dealId = orderId(document);
  const stage = code ?? name ?? (isAnswer && saysWhatItIs(document) ? '' : undefined);
  if (stage === undefined) return [];
  if (dealId === undefined) return isAnswer ? [badDocument(document, context, 'stage', unnamedAnswer)] : [];
  const changedAt = readOnecTime(requisite(document, 'датаизменениястатуса'), context.timezone);
  const unread = unreadDate(document, context);
  const enteredAt = changedAt ?? (isAnswer ? context.generatedAt : undefined);
  if (enteredAt === undefined)
    return isAnswer && unread.length === 0 ? [badDocument(document, context, 'stage', undatedAnswer)] : unread;
  const input: StageInput = {
    source: context.sourceId,
    id: `${dealId}:${enteredAt}`,
    deal_id: dealId,
    entered_at: enteredAt,
    stage,
    ...(name === undefined ? {} : { stage_name: name }),
    status: group,
    ...(isAnswer ? { tells_deal: true } : {}),
  };
  return [...unread, { ok: true, item: { entity: 'stage', input }, ...versionOf(context) }];
}

function unreadDate(document: OrderDocument, context: ExchangeMapContext): Mapped[] {
  const detail = badRequisiteDate(document, context, 'Дата изменения статуса', 'датаизменениястатуса');
  return detail === undefined ? [] : [badDocument(document, context, 'stage', detail)];
}

const unnamedAnswer = 'an answer about an order without Ид needs Номер and Дата';
const undatedAnswer =
  'the answer of 1C changes the order, but neither «Дата изменения статуса» nor ДатаФормирования of the file says since when';

/** Cancelled, deleted, unposted, or no longer so: an answer may say that without naming a status. */
const saysWhatItIs = (document: OrderDocument): boolean =>
  ['отменен', 'пометкаудаления', 'проведен', 'финальныйстатус'].some((name) => flag(document, name) !== undefined);
