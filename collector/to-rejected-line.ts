import { createHash } from 'node:crypto';
import type { Problem } from '../domain/result.ts';
import { toInstant } from '../domain/time.ts';
import { withoutContacts } from '../domain/without-contacts.ts';
import { cutDepth } from './collect/depth.ts';
import { jsonText } from './collect/json-text.ts';

export interface RejectedContext {
  readonly project: string;
  readonly source: 'collect' | 'ingest' | 'exchange';
  readonly entity: string;
  readonly rejectedAtMs: number;
}

const maxDepth = 32;
const maxPayloadChars = 16_384;

/** A row of `rejected` as a line of JSON but for its batch: what could not be taken, where and why. */
export function toRejectedLine(payload: unknown, problem: Problem, context: RejectedContext): string {
  const kept = jsonText(withoutContacts(cutDepth(payload, maxDepth)) ?? null).slice(0, maxPayloadChars);
  const id = createHash('sha256').update(`${problem.reason} ${problem.place} ${kept}`).digest('hex').slice(0, 32);
  return jsonText({
    project: context.project,
    rejected_id: id,
    rejected_at: toInstant(context.rejectedAtMs),
    source: context.source,
    entity: context.entity,
    reason: problem.reason,
    place: problem.place.slice(0, 256),
    detail: problem.detail.slice(0, 1024),
    payload: kept,
  });
}
