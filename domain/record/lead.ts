import { z } from 'zod';
import {
  clientRefSchema,
  idSchema,
  instantSchema,
  optionalId,
  optionalText,
  sourceSchema,
  visitCodeSchema,
} from './common.ts';

export const leadKinds = ['form', 'call', 'chat', 'email', 'cart', 'crm', 'offline'] as const;

export const leadInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  created_at: instantSchema,
  updated_at: instantSchema.optional(),
  kind: z.enum(leadKinds),
  form_id: optionalId,
  page: optionalText,
  order_id: optionalId,
  visit: optionalText,
  visit_code: visitCodeSchema.optional(),
  visitor: optionalText,
  ym_client_id: optionalId,
  client: clientRefSchema.optional(),
  deal_id: optionalId,
  duplicate_of: optionalId,
  deleted: z.boolean().optional(),
});
export type LeadInput = z.output<typeof leadInputSchema>;
