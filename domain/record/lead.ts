import { z } from 'zod';
import { clientRefSchema, idSchema, instantSchema, optionalText, sourceSchema, visitCodeSchema } from './common.ts';

export const leadKinds = ['form', 'call', 'chat', 'email', 'cart', 'crm', 'offline'] as const;

export const leadInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  created_at: instantSchema,
  updated_at: instantSchema.optional(),
  kind: z.enum(leadKinds),
  form_id: optionalText,
  page: optionalText,
  order_id: idSchema.optional(),
  visit: optionalText,
  visit_code: visitCodeSchema.optional(),
  visitor: optionalText,
  ym_client_id: optionalText,
  client: clientRefSchema.optional(),
  deal_id: idSchema.optional(),
  duplicate_of: idSchema.optional(),
  deleted: z.boolean().optional(),
});
export type LeadInput = z.output<typeof leadInputSchema>;
