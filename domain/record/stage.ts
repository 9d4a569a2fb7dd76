import { z } from 'zod';
import { idSchema, instantSchema, shortText, sourceSchema } from './common.ts';
import { dealStatuses } from './deal.ts';

/** One step of a deal's stage history. */
export const stageInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  deal_id: idSchema,
  entered_at: instantSchema,
  stage: shortText,
  status: z.enum(dealStatuses),
  deleted: z.boolean().optional(),
});
export type StageInput = z.output<typeof stageInputSchema>;
