import { z } from 'zod';
import { maskMark } from '../mask-url.ts';
import { instantSchema } from '../time.ts';
import { readVisitCode } from '../visit-code.ts';

/** Beyond 2^53 a number has lost its last digits on the way: another thing's id, or nobody's. */
const idNumber = z
  .number()
  .refine((id) => !Number.isInteger(id) || Number.isSafeInteger(id), 'too long for a number: send the id as text');
const idWords = 'expected an id: a text or a whole number';
const idText = z
  .union([z.string(), idNumber], idWords)
  .transform((value) => String(value).toWellFormed().trim())
  .pipe(z.string().max(256));
const unlessEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

export const idSchema = idText.pipe(z.string().min(1, idWords));
/** An empty text says nothing, as an empty cell does. */
export const optionalId = idText.transform(unlessEmpty).optional();
export const shortText = z
  .string()
  .max(4096)
  .transform((value) => value.toWellFormed().trim());
export const optionalText = shortText.transform(unlessEmpty).optional();
/** A utm mark, with contacts masked as in the addresses of visits, which it has to meet. */
export const optionalMark = shortText.transform((text) => unlessEmpty(maskMark(text))).optional();
const sourceWords = 'expected a short lower-case name such as crm or shop-1';
export const sourceSchema = z.string(sourceWords).regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, sourceWords);

const printedCount = /^\d{1,3}([ \u00a0\u202f]\d{3})+$/;

/** A whole number from 0 on. A text may be written as Russian spreadsheets do: `1 000`. */
export const countSchema = z.preprocess(
  (value) =>
    typeof value === 'string' && printedCount.test(value.trim()) ? value.replaceAll(/[\s\u00a0\u202f]/g, '') : value,
  z.coerce.number().int().nonnegative(),
);

/** A wrong check digit is not an error of the sender's row: the code is kept in the payload and simply matches nothing. */
export const visitCodeSchema = z
  .union([z.string(), z.number()])
  .transform((value) => readVisitCode(String(value)) ?? '');

/** A person as a source names them. Contacts are hashed before anything is stored. */
export const clientRefSchema = z.strictObject({
  id: optionalId,
  phone: z.string().max(256).optional(),
  email: z.string().max(512).optional(),
});

export const entities = ['deal', 'payment', 'cost', 'lead', 'touch', 'client', 'product', 'stage'] as const;
export type Entity = (typeof entities)[number];
export { instantSchema };
