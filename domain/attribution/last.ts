import { defineModel } from './model.ts';

export const last = defineModel({
  name: 'last',
  keepsDirect: true,
  share: ({ position, length }) => `${position} = ${length}`,
  sole: 'last',
  label: { en: 'Last click', ru: 'Последнее касание' },
  description: {
    en: 'The last touch before the request gets everything, a direct visit too.',
    ru: 'Всё получает последнее касание перед заявкой, в том числе прямой заход.',
  },
});
