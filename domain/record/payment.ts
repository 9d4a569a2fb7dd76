import { z } from 'zod';
import { amountSchema, currencySchema } from '../money.ts';
import { idSchema, instantSchema, optionalText, sourceSchema } from './common.ts';

/** A dated, signed money movement: a refund is negative. It names its deal by id, by the shop's order number, or both. */
export const paymentInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  deal_id: idSchema.optional(),
  deal_source: sourceSchema.optional(),
  order_id: idSchema.optional(),
  paid_at: instantSchema,
  updated_at: instantSchema.optional(),
  amount: amountSchema,
  currency: currencySchema.optional(),
  method: optionalText,
  document: optionalText,
  cancelled: z.boolean().optional(),
  deleted: z.boolean().optional(),
});
export type PaymentInput = z.output<typeof paymentInputSchema>;
