import type { DealInput } from '../../../domain/record/index.ts';

/** P in progress, S success, F failure; a stage without semantics is in progress. */
export function statusOf(semantics: string | null | undefined): DealInput['status'] {
  if (semantics === 'S') return 'won';
  return semantics === 'F' ? 'lost' : 'open';
}
