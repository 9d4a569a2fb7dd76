import { defineModel } from './model.ts';

export const position = defineModel({
  name: 'position',
  keepsDirect: false,
  share: ({ position, length }) =>
    `multiIf(${length} <= 2, 1, ${position} = 1 OR ${position} = ${length}, 2 * (${length} - 2), 1)`,
  label: { en: 'Position-based 40/20/40', ru: 'По позиции 40/20/40' },
  description: {
    en: 'The first and the last touch get 40 % each, those between share 20 %; two touches get half each.',
    ru: 'Первое и последнее касания получают по 40 %, остальные делят 20 %; два касания — пополам.',
  },
});
