import { z } from 'zod';
import { idSchema, instantSchema, optionalText, shortText, sourceSchema } from './common.ts';
import { dealStatuses } from './deal.ts';

/**
 * One step of a deal's stage history. A source that tells a change of status without the deal itself marks it `tells_deal`:
 * while it is newer than the deal it decides the deal's status, and with an empty `stage` the group alone.
 */
export const stageInputSchema = z.strictObject({
  source: sourceSchema,
  id: idSchema,
  deal_id: idSchema,
  entered_at: instantSchema,
  stage: shortText,
  stage_name: optionalText,
  status: z.enum(dealStatuses),
  tells_deal: z.literal(true).optional(),
  deleted: z.boolean().optional(),
});
export type StageInput = z.output<typeof stageInputSchema>;
