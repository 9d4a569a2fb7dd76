import { defineModel } from './model.ts';

export const first = defineModel({
  name: 'first',
  keepsDirect: false,
  share: ({ position }) => `${position} = 1`,
  sole: 'first',
  label: { en: 'First click', ru: 'Первое касание' },
  description: {
    en: 'The first known touch inside the window gets everything.',
    ru: 'Всё получает первое известное касание внутри окна.',
  },
});
