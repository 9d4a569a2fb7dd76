import { z } from 'zod';

/** A row of a classic method: a flat map whose scalars are texts. Fields differ from portal to portal. */
export const rowSchema = z.looseObject({
  ID: z.union([z.string(), z.number()]).transform(String),
  DATE_MODIFY: z.string().nullish(),
});
export type Row = z.output<typeof rowSchema>;

/** A field as text; empty, null, absent and (for links) `"0"` are all "none". */
export function textField(row: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = row[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function linkField(row: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const id = textField(row, name);
  return id === '0' ? undefined : id;
}

const multifieldSchema = z.array(z.looseObject({ VALUE: z.string() })).catch([]);

/** Values of a multifield (PHONE, EMAIL), as typed by people. */
export const multifield = (row: Readonly<Record<string, unknown>>, name: string): string[] =>
  multifieldSchema.parse(row[name]).map((entry) => entry.VALUE);
