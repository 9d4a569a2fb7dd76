import type { Column, Value } from '../reports/contract.ts';
import { type Language, word } from './words.ts';

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', ru: 'ru-RU' };

/** A value as people read it, by the unit of its column; an unknown number is a dash. */
export function formatValue(value: Value, column: Column, language: Language, currency: string): string {
  if (column.kind !== 'metric') return value === null ? word('noValue', language) : String(value);
  if (value === null) return '—';
  return typeof value === 'number' ? formatNumber(value, column.unit, language, currency) : value;
}

function formatNumber(value: number, unit: Column['unit'], language: Language, currency: string): string {
  const locale = locales[language];
  switch (unit) {
    case 'money':
      return value.toLocaleString(locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: 2,
      });
    case 'ratio':
      return value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 });
    case 'count':
      return value.toLocaleString(locale, { maximumFractionDigits: 2 });
    default:
      return value.toLocaleString(locale, { maximumFractionDigits: 1 });
  }
}

/** An instant in the time zone of the project. */
export function formatInstant(iso: string, language: Language, timeZone: string): string {
  return new Date(iso).toLocaleString(locales[language], { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

/** A short amount for an axis: 1.2M, 1,2 млн. */
export const formatShort = (value: number, language: Language): string =>
  value.toLocaleString(locales[language], { notation: 'compact', maximumFractionDigits: 1 });

export function formatDay(date: string, language: Language): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString(locales[language], {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}
