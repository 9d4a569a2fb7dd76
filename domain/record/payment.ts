import { z } from 'zod';
import { amountSchema, currencySchema } from '../money.ts';
import { idSchema, instantSchema, optionalId, optionalText, sourceSchema } from './common.ts';

/** Id of the movement that an order implies by saying that it is paid; by it the movement is found from its order. */
export const impliedPaymentId = (dealId: string): string => `${dealId}:paid`;

/**
 * A dated, signed money movement: a refund is negative. It names its deal by id, by the shop's order number, or both. An
 * `implied` one is told by the order alone, without a document: it counts while no document of the same source pays that
 * order, and without an amount it is as large as the order.
 */
export const paymentInputSchema = z
  .strictObject({
    source: sourceSchema,
    id: idSchema,
    deal_id: optionalId,
    deal_source: sourceSchema.optional(),
    order_id: optionalId,
    paid_at: instantSchema,
    updated_at: instantSchema.optional(),
    amount: amountSchema.optional(),
    currency: currencySchema.optional(),
    method: optionalText,
    document: optionalId,
    implied: z.literal(true).optional(),
    /** The document of which it is what pays its deal: it was told within that deal. */
    part_of: idSchema.optional(),
    cancelled: z.boolean().optional(),
    deleted: z.boolean().optional(),
  })
  .refine(({ amount, implied }) => amount !== undefined || implied === true, {
    path: ['amount'],
    error: 'expected an amount such as 1490.50',
  })
  .refine(
    ({ implied, id, deal_id, deal_source }) =>
      implied !== true || (deal_id !== undefined && deal_source === undefined && id === impliedPaymentId(deal_id)),
    { path: ['id'], error: 'an implied payment has the id <deal_id>:paid and belongs to a deal of its own source' },
  );
export type PaymentInput = z.output<typeof paymentInputSchema>;
