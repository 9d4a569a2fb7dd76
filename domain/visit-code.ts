// The quasigroup of Damm (2004): its check digit catches every single wrong digit and every swap of neighbours, the two
// mistakes people make when they type a number they were told.
const dammTable = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

const dammDigit = (digits: string): string => {
  let interim = 0;
  for (const digit of digits) interim = Number(dammTable[interim]?.[Number(digit)]);
  return String(interim);
};

/** Greatest counter that still makes a code of 8 digits. */
export const maxVisitCounter = 9_999_999;

/** Counter → spoken code with its check digit, e.g. 12345 → `123458`. */
export function encodeVisitCode(counter: number): string {
  const digits = String(counter);
  return digits + dammDigit(digits);
}

/** Digits of a code as a manager typed it (spaces and dashes allowed), or undefined when the check digit is wrong. */
export function readVisitCode(text: string): string | undefined {
  const digits = text.replace(/[\s\-–—№#]/g, '').replace(/^0+/, '');
  if (!/^\d{2,8}$/.test(digits)) return undefined;
  return dammDigit(digits) === '0' ? digits : undefined;
}
