import type { Unit } from '../../reports/registry/unit.ts';

const withDigits = (digits: number) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: true });
const whole = withDigits(0);
const cents = withDigits(2);

/** A number as its unit is read: money to the kopeck, shares in percent. Grouped by spaces, which nobody takes for a decimal sign. */
export function formatNumber(value: number, unit: Unit | undefined): string {
  if (unit === 'ratio') return `${cents.format(value * 100)} %`.replaceAll(',', ' ');
  const isWhole = unit === 'count' && Number.isInteger(value);
  return (isWhole ? whole : cents).format(value).replaceAll(',', ' ');
}
