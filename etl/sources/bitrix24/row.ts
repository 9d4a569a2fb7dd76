import { z } from 'zod';
import { failed } from '../../../domain/result.ts';
import { instantSchema } from '../../../domain/time.ts';
import type { Mapped } from '../../source.ts';

/** A row of a classic method: a flat map whose scalars are texts. Fields differ from portal to portal. */
export const rowSchema = z.looseObject({
  ID: z.union([z.string(), z.number()]).transform(String),
});
export type Row = z.output<typeof rowSchema>;

/** When the row was changed last; undefined when it does not say so in a way that can be read. */
export function changedAtMs(row: Row): number | undefined {
  const changedAt = instantSchema.safeParse(textField(row, 'DATE_MODIFY'));
  return changedAt.success ? Date.parse(changedAt.data) : undefined;
}

/** A row without the moment of its change has no place among its own versions: it is refused, and the others of its page go on. */
export function refuseUndated(stream: string, row: Row): Mapped | undefined {
  if (changedAtMs(row) !== undefined) return undefined;
  const found = JSON.stringify(row.DATE_MODIFY)?.slice(0, 100) ?? 'missing';
  return failed(
    'invalid_record',
    `${stream}.${row.ID}.DATE_MODIFY`,
    `DATE_MODIFY is ${found}, not an instant such as 2026-01-10T14:02:11+03:00: save the record in Bitrix24 again`,
  );
}

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
