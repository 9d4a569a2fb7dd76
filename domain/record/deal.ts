import { z } from 'zod';
import { amountSchema, currencySchema } from '../money.ts';
import {
  clientRefSchema,
  idSchema,
  instantSchema,
  optionalText,
  shortText,
  sourceSchema,
  visitCodeSchema,
} from './common.ts';

export const dealStatuses = ['open', 'won', 'lost', 'excluded'] as const;
/** Who leads when several systems know the same order: the CRM, then the shop, then accounting. */
export const dealRoles = ['crm', 'shop', 'accounting'] as const;

const itemSchema = z.strictObject({
  product_id: idSchema.optional(),
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
  order_id: idSchema.optional(),
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
  lead_id: idSchema.optional(),
  visit: optionalText,
  visit_code: visitCodeSchema.optional(),
  visitor: optionalText,
  ym_client_id: optionalText,
  client: clientRefSchema.optional(),
  cogs: amountSchema.optional(),
  delivery_cost: amountSchema.optional(),
  items: z.array(itemSchema).max(2000).optional(),
  fields: z.record(z.string(), z.union([shortText, z.number(), z.boolean()]).transform(String)).optional(),
  deleted: z.boolean().optional(),
  /** It was told with all the payments attached to it: an attached payment of an older version is gone. */
  lists_payments: z.literal(true).optional(),
  merged_into: idSchema.optional(),
});
export type DealInput = z.output<typeof dealInputSchema>;
