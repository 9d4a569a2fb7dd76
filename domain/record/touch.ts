import { z } from 'zod';
import {
  clientRefSchema,
  idSchema,
  instantSchema,
  optionalId,
  optionalMark,
  optionalText,
  sourceSchema,
} from './common.ts';

export const touchKinds = ['visit', 'call', 'chat', 'email', 'form', 'offline'] as const;

export const touchInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  at: instantSchema,
  updated_at: instantSchema.optional(),
  kind: z.enum(touchKinds),
  client: clientRefSchema,
  visitor: optionalText,
  utm_source: optionalMark,
  utm_medium: optionalMark,
  utm_campaign: optionalMark,
  utm_content: optionalMark,
  utm_term: optionalMark,
  platform: optionalText,
  campaign_id: optionalId,
  deleted: z.boolean().optional(),
});
export type TouchInput = z.output<typeof touchInputSchema>;
