import { defineModel } from './model.ts';

export const position = defineModel({
  name: 'position',
  keepsDirect: false,
  share: 'multiIf(n <= 2, 1, p = 1 OR p = n, 2 * (n - 2), 1)::Int64',
  label: { en: 'Position-based 40/20/40', ru: 'По позиции 40/20/40' },
  description: {
    en: 'The first and the last touch get 40 % each, those between share 20 %; two touches get half each.',
    ru: 'Первое и последнее касания получают по 40 %, остальные делят 20 %; два касания — пополам.',
  },
});
