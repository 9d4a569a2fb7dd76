import { existsSync } from 'node:fs';
import { z } from 'zod';

const placeFile = z
  .string()
  .min(1)
  .refine(
    existsSync,
    'there is no such file: write where the .mmdb file lies, or leave it out for the one that comes with the product',
  )
  .describe(
    'Path of a file of cities in the format of MaxMind (.mmdb), instead of the one that comes with the product',
  );

/** How places of visitors are found. */
export const geoSchema = z.strictObject({
  database: z
    .union([z.literal(false), placeFile])
    .optional()
    .describe('Left out: the file of DB-IP that comes with the product; false: places are not looked up'),
  language: z
    .string()
    .regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'expected a language such as ru')
    .default('en')
    .describe('Of regions and cities, where the file has several; that of DB-IP has English alone'),
});
