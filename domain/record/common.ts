import { z } from 'zod';
import { instantSchema } from '../time.ts';
import { readVisitCode } from '../visit-code.ts';

export const idSchema = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).toWellFormed().trim())
  .pipe(z.string().min(1).max(256));
export const shortText = z
  .string()
  .max(4096)
  .transform((value) => value.toWellFormed());
export const optionalText = shortText.optional();
export const sourceSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'expected a short lower-case name such as crm or shop-1');

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
  id: idSchema.optional(),
  phone: z.string().max(256).optional(),
  email: z.string().max(512).optional(),
});

export const entities = ['deal', 'payment', 'cost', 'lead', 'touch', 'client', 'product', 'stage'] as const;
export type Entity = (typeof entities)[number];
export { instantSchema };
