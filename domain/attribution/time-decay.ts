import { defineModel } from './model.ts';

export const timeDecay = defineModel({
  name: 'time_decay',
  keepsDirect: false,
  share: ({ ageMs }) => `round(1000000000 * exp2(-${ageMs} / 604800000))`,
  mayBeNothing: true,
  label: { en: 'Time decay', ru: 'С учётом давности' },
  description: {
    en: 'The nearer to the last touch, the more: a touch 7 days older gets half.',
    ru: 'Чем ближе к последнему касанию, тем больше: касание на 7 дней старше получает вдвое меньше.',
  },
});
