import { z } from 'zod';

/** A decimal amount as text, at most 6 digits after the point: `-1530.55`. The currency stands beside it. */
export type Amount = string;

// Ten digits are more than any shop turns over, and leave room for VAT and rates in the database's decimals.
const amountPattern = /^-?\d{1,10}(\.\d{1,6})?$/;

const amountWords = 'expected an amount such as 1990 or "1990.50", at most 6 digits after the point';
const tooLargeWords = 'the amount is too large: at most 9999999999.99, ten digits before the point';

const printedPattern = /^-?\d{1,3}([\s\u00a0\u202f]?\d{3})*(,\d{1,6})?$/;

// Three digits after a comma may be thousands (English) or thousandths (Russian): such a text is refused, not guessed.
const ambiguousPattern = /^-?(?!0,)\d{1,3},\d{3}$/;
const ambiguousWords = 'three digits after a comma may be thousands or thousandths: write 1,530 as 1530 or 1.530';

/**
 * Reads an amount from JSON. A number is taken by its shortest decimal text, which is what its sender wrote for any amount
 * of up to 15 digits, so no arithmetic ever happens on the float. A text may also be written as Russian spreadsheets do: `1 530,55`.
 */
export const amountSchema = z
  .union([z.number(), z.string()], amountWords)
  .transform((value, context): Amount => readAmount(String(value).trim(), context));

/**
 * Reads an amount that a script computed: `3 * 1.1` is 3.3000000000000003, and a third of 1000 has no end. What is finer than a
 * millionth is rounded, half away from zero, on the digits of the shortest decimal text.
 */
export const computedAmountSchema = z
  .union([z.number(), z.string()], amountWords)
  .transform((value, context): Amount => {
    const text = typeof value === 'number' ? plainDecimal(value) : value.trim();
    return readAmount(roundToMicros(text), context);
  });

function readAmount(text: string, context: z.core.$RefinementCtx): Amount {
  const isAmbiguous = ambiguousPattern.test(text);
  const isPrinted = printedPattern.test(text) && !isAmbiguous;
  const amount = amountPattern.test(text) ? text : isPrinted ? readPrintedAmount(text) : undefined;
  if (amount !== undefined) return amount;
  const words = isAmbiguous ? ambiguousWords : isTooLarge(text) ? tooLargeWords : amountWords;
  context.addIssue({ code: 'custom', message: words });
  return z.NEVER;
}

/** The shortest decimal text of a number, without an exponent where it is small. */
function plainDecimal(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e-');
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${mantissa.replace(/[-.]/g, '')}`;
}

function roundToMicros(text: string): string {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d{1,10})\.(\d{7,})$/.exec(text) ?? [];
  if (fraction === '') return text;
  const micros = BigInt(whole + fraction.slice(0, 6)) + (fraction.charAt(6) >= '5' ? 1n : 0n);
  return amountFromMicros(sign === '-' ? -micros : micros);
}

const isTooLarge = (text: string): boolean =>
  /^-?\d[\d\s\u00a0\u202f]*([.,]\d*)?$|^-?\d(\.\d+)?e\+\d+$/.test(text) &&
  Math.abs(Number(text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.'))) >= 1e10;

/**
 * Cleans an amount as accounting systems print it: `23 000`, `1 110,72`, `15490.0000`. Returns undefined when it is not one.
 */
export function readPrintedAmount(text: string): Amount | undefined {
  const compact = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  const match = /^(-?)0*(\d+?)(?:\.(\d*))?$/.exec(compact);
  if (!match) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const trimmed = fraction.replace(/0+$/, '');
  const amount = trimmed === '' ? `${sign}${whole}` : `${sign}${whole}.${trimmed}`;
  return amountPattern.test(amount) ? amount : undefined;
}

/** Micros (millionths) as ad platforms send them: `1530550000` → `1530.55`. */
export function amountFromMicros(micros: bigint): Amount {
  const sign = micros < 0n ? '-' : '';
  const digits = (micros < 0n ? -micros : micros).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function negate(amount: Amount): Amount {
  if (/^-?0+(\.0+)?$/.test(amount)) return '0';
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

const spellings: Readonly<Record<string, string>> = {
  RUR: 'RUB',
  РУБ: 'RUB',
  'РУБ.': 'RUB',
  '₽': 'RUB',
  '643': 'RUB',
  '810': 'RUB',
  '840': 'USD',
  $: 'USD',
  '978': 'EUR',
  '€': 'EUR',
  '398': 'KZT',
  '933': 'BYN',
};

/** ISO code of a currency as 1C and CRMs spell it: `руб`, `643`, `RUR` → `RUB`. Returns undefined when it is not one. */
export function readCurrency(text: string): string | undefined {
  const upper = text.trim().toUpperCase();
  const code = spellings[upper] ?? upper;
  return /^[A-Z]{3}$/.test(code) ? code : undefined;
}

export const currencySchema = z.string().transform((value, context): string => {
  const code = readCurrency(value);
  if (code !== undefined) return code;
  context.addIssue({ code: 'custom', message: 'expected an ISO currency code such as RUB' });
  return z.NEVER;
});
