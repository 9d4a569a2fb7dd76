import type { Visit } from '../model.ts';
import { at as elementAt } from '../random.ts';
import { dayOf } from './local-day.ts';

export const models = ['last_non_direct', 'last', 'first', 'linear', 'position', 'time_decay'] as const;
export type Model = (typeof models)[number];

export interface CreditQuestion {
  readonly model: Model;
  readonly windowDays: number;
  readonly timezone: string;
}

/** A touch that gets something, and how much of the whole: `share` of the path's `total`. */
export interface CreditedTouch {
  readonly visit: Visit;
  readonly share: bigint;
}

export interface Path {
  readonly touches: readonly CreditedTouch[];
  readonly total: bigint;
}

const halfLifeMs = 7 * 86_400_000;

/**
 * Who gets the credit of a conversion. `visits` are all visits of the person in order of time, robots left out. An empty path
 * means the bucket «No visit».
 */
export function creditPath(visits: readonly Visit[], conversionAt: number, question: CreditQuestion): Path {
  const firstDay = dayOf(conversionAt, question.timezone) - question.windowDays;
  const inWindow = visits.filter(
    (visit) => visit.startedAt <= conversionAt && dayOf(visit.startedAt, question.timezone) >= firstDay,
  );
  const known = inWindow.filter((visit) => visit.source.channel !== 'Direct');
  const path = question.model === 'last' || known.length === 0 ? inWindow : known;
  const shares = path.map((visit, index) => shareOf(question.model, index, path, visit));
  return {
    touches: path.map((visit, index) => ({ visit, share: elementAt(shares, index) })),
    total: shares.reduce((sum, share) => sum + share, 0n),
  };
}

function shareOf(model: Model, index: number, path: readonly Visit[], visit: Visit): bigint {
  const last = path.length - 1;
  switch (model) {
    case 'last_non_direct':
    case 'last':
      return index === last ? 1n : 0n;
    case 'first':
      return index === 0 ? 1n : 0n;
    case 'linear':
      return 1n;
    case 'position':
      if (path.length <= 2) return 1n;
      return index === 0 || index === last ? BigInt(2 * (path.length - 2)) : 1n;
    case 'time_decay': {
      const ageMs = elementAt(path, last).startedAt - visit.startedAt;
      return BigInt(Math.round(1e9 * 2 ** (-ageMs / halfLifeMs)));
    }
  }
}

/**
 * Splits an amount of whole units (kopecks, billionths of a deal) along a path: every part is cut toward zero, what is left
 * goes to the last touch. Parts stand in the order of the touches and sum to the amount.
 */
export function split(amount: bigint, path: Path): bigint[] {
  if (path.touches.length === 0) return [];
  const parts = path.touches.map((touch) => (amount * touch.share) / path.total);
  const rest = amount - parts.reduce((sum, part) => sum + part, 0n);
  const last = parts.length - 1;
  parts[last] = elementAt(parts, last) + rest;
  return parts;
}
