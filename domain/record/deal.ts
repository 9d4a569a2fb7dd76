import { z } from 'zod';
import { amountSchema, currencySchema } from '../money.ts';
import {
  clientRefSchema,
  idSchema,
  instantSchema,
  optionalId,
  optionalText,
  shortText,
  sourceSchema,
  visitCodeSchema,
} from './common.ts';

export const dealStatuses = ['open', 'won', 'lost', 'excluded'] as const;
/** Who leads when several systems know the same order: the CRM, then the shop, then accounting. */
export const dealRoles = ['crm', 'shop', 'accounting'] as const;

const itemSchema = z.strictObject({
  product_id: optionalId,
  name: optionalText,
  quantity: amountSchema.optional(),
  price: amountSchema.optional(),
  cogs: amountSchema.optional(),
  category: optionalText,
});

export const dealInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  role: z.enum(dealRoles).optional(),
  order_id: optionalId,
  created_at: instantSchema,
  updated_at: instantSchema.optional(),
  amount: amountSchema,
  currency: currencySchema.optional(),
  status: z.enum(dealStatuses),
  stage: optionalText,
  status_name: optionalText,
  closed_at: instantSchema.optional(),
  lost_reason: optionalText,
  manager: optionalText,
  pipeline: optionalText,
  lead_id: optionalId,
  visit: optionalText,
  visit_code: visitCodeSchema.optional(),
  visitor: optionalText,
  ym_client_id: optionalId,
  client: clientRefSchema.optional(),
  cogs: amountSchema.optional(),
  delivery_cost: amountSchema.optional(),
  items: z.array(itemSchema).max(2000).optional(),
  fields: z.record(z.string(), z.union([shortText, z.number(), z.boolean()]).transform(String)).optional(),
  deleted: z.boolean().optional(),
  /** Ids of all payments that were told within it: any other that an older version told is gone. */
  lists_payments: z.array(idSchema).optional(),
  merged_into: optionalId,
});
export type DealInput = z.output<typeof dealInputSchema>;
