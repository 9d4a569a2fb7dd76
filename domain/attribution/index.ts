import { first } from './first.ts';
import { last } from './last.ts';
import { lastNonDirect } from './last-non-direct.ts';
import { linear } from './linear.ts';
import type { AttributionModel } from './model.ts';
import { position } from './position.ts';
import { timeDecay } from './time-decay.ts';

/** Every model a report can ask for; the first is the default. */
export const attributionModels: readonly [AttributionModel, ...AttributionModel[]] = [
  lastNonDirect,
  last,
  first,
  linear,
  position,
  timeDecay,
];

export const attributionModel = (name: string): AttributionModel | undefined =>
  attributionModels.find((model) => model.name === name);
