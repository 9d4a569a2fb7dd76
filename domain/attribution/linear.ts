import { defineModel } from './model.ts';

export const linear = defineModel({
  name: 'linear',
  keepsDirect: false,
  share: () => '1',
  sharesAreSmall: true,
  label: { en: 'Linear', ru: 'Линейная' },
  description: {
    en: 'Every known touch gets the same share.',
    ru: 'Все известные касания получают поровну.',
  },
});
