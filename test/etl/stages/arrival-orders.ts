import type { Loose } from './raw.ts';
import type { OwnShop } from './scenarios.ts';

/** Shops into which two loads came: the first before the second, the second before the first, and both at once with the first again after them. */
export async function inAnyOrder(
  open: () => OwnShop,
  first: readonly Loose[],
  second: readonly Loose[],
): Promise<OwnShop[]> {
  const shops = [open(), open(), open()];
  const loads = [
    [first, second],
    [second, first],
    [[...second, ...first], first],
  ];
  for (const turn of [0, 1]) {
    for (const [number, shop] of shops.entries()) await shop.records(...(loads[number]?.[turn] ?? []));
    await shops[0]?.settle();
  }
  return shops;
}
