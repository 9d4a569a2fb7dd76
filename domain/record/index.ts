import type { z } from 'zod';
import { clientInputSchema } from './client.ts';
import { costInputSchema } from './cost.ts';
import { dealInputSchema } from './deal.ts';
import { leadInputSchema } from './lead.ts';
import { paymentInputSchema } from './payment.ts';
import { stageInputSchema } from './stage.ts';
import { touchInputSchema } from './touch.ts';

export type { ClientInput } from './client.ts';
export type { Entity } from './common.ts';
export type { CostInput } from './cost.ts';
export type { DealInput } from './deal.ts';
export type { LeadInput } from './lead.ts';
export { impliedPaymentId, type PaymentInput } from './payment.ts';
export type { StageInput } from './stage.ts';
export type { TouchInput } from './touch.ts';

/** The shape in which every source, file and API caller hands us each kind of thing: one schema each, used by all of them. */
export const recordSchemas = {
  deal: dealInputSchema,
  payment: paymentInputSchema,
  cost: costInputSchema,
  lead: leadInputSchema,
  touch: touchInputSchema,
  client: clientInputSchema,
  stage: stageInputSchema,
} as const;

export type RecordEntity = keyof typeof recordSchemas;
export type RecordInput = {
  [E in RecordEntity]: { readonly entity: E; readonly input: z.output<(typeof recordSchemas)[E]> };
}[RecordEntity];
