import { z } from 'zod';
import { dealStatuses } from '../../../domain/record/deal.ts';
import { isTimezone } from '../../../domain/time.ts';

const timezone = z.string().refine(isTimezone, 'expected a time zone such as Europe/Moscow');
const pattern = z.string().refine(isPatternWithGroup, 'expected a regular expression with one group in parentheses');

function isPatternWithGroup(text: string): boolean {
  try {
    return (new RegExp(`${text}|`).exec('')?.length ?? 0) === 2;
  } catch {
    return false;
  }
}

const ownDocument = z.strictObject({
  name: z
    .string()
    .regex(/^Document_\S+$/)
    .describe('Entity as in $metadata: Document_ПоступлениеНаСчет'),
  fact: z.enum(['order', 'money']).describe('What it is: an order, or money of a buyer (in or back)'),
  method: z.enum(['bank', 'card', 'cash']).optional().describe('How money of it was paid; bank when absent'),
  income: z
    .array(z.string())
    .optional()
    .describe('Operations of it that are payments of a buyer, as the enum spells them'),
  refunds: z.array(z.string()).optional().describe('Operations of it that are refunds to a buyer'),
});

/** Settings of a 1C base read over its standard OData interface. */
export const onecOdataSettings = z.strictObject({
  base_url: z.url().describe('Address of the published base, with or without /odata/standard.odata'),
  login: z.string().min(1).describe('1C user with the right to read the documents'),
  password: z.string().describe('Password of that user'),
  timezone: timezone.optional().describe("Time zone of the base's clock; the project's when absent"),
  configuration: z
    .enum(['auto', 'ut', 'bp', 'unf'])
    .default('auto')
    .describe('ut: УТ 11, КА 2, ERP 2; bp: БП 3.0; unf: УНФ; auto: every known document that the base shows'),
  documents: z.array(ownDocument).optional().describe('Documents to read instead of the known ones'),
  order_number: z
    .string()
    .default('НомерПоДаннымКлиента')
    .describe("Field of the order that holds the shop's order number: НомерПоДаннымКлиента, Комментарий, Number"),
  order_number_pattern: pattern
    .default('^\\s*№?\\s*(\\S+)\\s*$')
    .describe(
      'Regular expression whose group is the number inside that field; when absent a field of one word is taken whole',
    ),
  status_groups: z
    .record(z.string(), z.enum(dealStatuses))
    .optional()
    .describe('Group of an order status by its name: {"КОтгрузке": "open", "Закрыт": "won"}'),
  shared_clients: z
    .array(z.string())
    .optional()
    .describe('Ref_Key of counterparties that stand for many people, beside those named as retail buyers'),
  window_days: z.coerce
    .number()
    .int()
    .min(1)
    .max(400)
    .default(35)
    .describe('Days back from now that are read again each time'),
  night_window_days: z.coerce
    .number()
    .int()
    .min(1)
    .max(4000)
    .default(180)
    .describe('Days back from now that are read again at the first reading of each local day'),
  sweep_days: z.coerce
    .number()
    .int()
    .min(1)
    .max(31)
    .default(7)
    .describe(
      'Every so many days the keys and versions of all documents are compared: what was deleted is taken back, months that changed are read again',
    ),
  vanished_limit_percent: z
    .number()
    .min(0)
    .max(100)
    .default(30)
    .describe(
      'If more records than this vanish at once, and more than two, or all that there were, none is marked deleted: the user of 1C has lost rights',
    ),
  page_size: z.coerce.number().int().min(1).max(1000).default(500).describe('Documents in one request'),
});
export type OnecOdataSettings = z.output<typeof onecOdataSettings>;
