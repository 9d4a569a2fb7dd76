import { z } from 'zod';
import { clientRefSchema, idSchema, instantSchema, optionalText, sourceSchema } from './common.ts';

export const touchKinds = ['visit', 'call', 'chat', 'email', 'form', 'offline'] as const;

export const touchInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  at: instantSchema,
  updated_at: instantSchema.optional(),
  kind: z.enum(touchKinds),
  client: clientRefSchema,
  visitor: optionalText,
  utm_source: optionalText,
  utm_medium: optionalText,
  utm_campaign: optionalText,
  utm_content: optionalText,
  utm_term: optionalText,
  platform: optionalText,
  campaign_id: idSchema.optional(),
  deleted: z.boolean().optional(),
});
export type TouchInput = z.output<typeof touchInputSchema>;
