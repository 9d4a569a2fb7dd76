import { z } from 'zod';
import { idSchema, instantSchema, optionalId, optionalText, sourceSchema } from './common.ts';

/** A contact card of a source: every phone and e-mail of it leads to one person. */
export const clientInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  updated_at: instantSchema.optional(),
  phones: z.array(z.string().max(256)).max(100).optional(),
  emails: z.array(z.string().max(512)).max(100).optional(),
  user_id: optionalId,
  visitor: optionalText,
  ym_client_id: optionalId,
  deleted: z.boolean().optional(),
  merged_into: optionalId,
});
export type ClientInput = z.output<typeof clientInputSchema>;
