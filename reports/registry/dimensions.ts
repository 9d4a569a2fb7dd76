import type { Dimension } from './dimension.ts';
import { dealDimensions, dealField } from './dimensions/deal.ts';
import { placeDimensions } from './dimensions/place.ts';
import { touchDimensions } from './dimensions/touch.ts';

const timeDimensions: readonly Dimension[] = [
  {
    name: 'weekday',
    type: 'number',
    time: 'weekday',
    own: {},
    label: { en: 'Day of the week', ru: 'День недели' },
    description: { en: '1 is Monday, 7 is Sunday.', ru: '1 — понедельник, 7 — воскресенье.' },
  },
  {
    name: 'hour',
    type: 'number',
    time: 'hour',
    own: {},
    label: { en: 'Hour', ru: 'Час' },
    description: {
      en: 'Hour of the day, 0 to 23, in the time zone of the report.',
      ru: 'Час суток от 0 до 23 в часовом поясе отчёта.',
    },
  },
];

/** Every dimension with a fixed name, in the order of the documentation; `deal_field:<name>` comes on top. */
export const dimensions: readonly Dimension[] = [
  ...touchDimensions,
  ...placeDimensions,
  ...timeDimensions,
  ...dealDimensions,
];

const byName = new Map(dimensions.map((dimension) => [dimension.name, dimension]));

export const dealFieldPrefix = 'deal_field:';

/** A dimension by the name a report calls it; undefined when there is none. */
export function findDimension(name: string): Dimension | undefined {
  if (!name.startsWith(dealFieldPrefix)) return byName.get(name);
  const field = name.slice(dealFieldPrefix.length);
  return field === '' || field.length > 200 ? undefined : dealField(field);
}
