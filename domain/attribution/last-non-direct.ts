import { defineModel } from './model.ts';

export const lastNonDirect = defineModel({
  name: 'last_non_direct',
  keepsDirect: false,
  share: ({ position, length }) => `${position} = ${length}`,
  sole: 'last',
  label: { en: 'Last non-direct click', ru: 'Последний непрямой' },
  description: {
    en: 'The last touch before the request gets everything; a direct visit only when nothing else is known.',
    ru: 'Всё получает последнее касание перед заявкой; прямой заход — только если больше ничего не известно.',
  },
});
