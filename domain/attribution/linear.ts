import { defineModel } from './model.ts';

export const linear = defineModel({
  name: 'linear',
  keepsDirect: false,
  share: 'toInt64(1)',
  label: { en: 'Linear', ru: 'Линейная' },
  description: {
    en: 'Every known touch gets the same share.',
    ru: 'Все известные касания получают поровну.',
  },
});
