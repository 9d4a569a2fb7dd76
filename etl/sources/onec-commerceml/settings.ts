import { z } from 'zod';
import { dealStatuses } from '../../../domain/record/deal.ts';
import { isTimezone } from '../../../domain/time.ts';

const timezone = z.string().refine(isTimezone, 'expected a time zone such as Europe/Moscow');

/** Settings of a 1C that exchanges CommerceML files with us. */
export const onecExchangeSettings = z.strictObject({
  login: z.string().min(1).describe('Login that 1C sends to /exchange/1c'),
  password: z.string().min(8).describe('Password that 1C sends to /exchange/1c, 8 characters or more'),
  timezone: timezone.optional().describe("Time zone of the clocks in the files; the project's when absent"),
  order_number: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Where the shop's order number stands: number (Номер), id (Ид), or the name of a requisite. When absent: Номер of orders born on the site, none of orders born in 1C",
    ),
  status_groups: z
    .record(z.string(), z.enum(dealStatuses))
    .optional()
    .describe(
      'Group of a status by its name or code: {"Готов к выдаче": "open", "F": "won"}; it overrides the built-in names',
    ),
  separate_base: z
    .boolean()
    .optional()
    .describe(
      'Beside a source 1c-odata: this is another base of 1C than the one read there. One base is connected one way',
    ),
  shared_clients: z
    .array(z.string())
    .optional()
    .describe(
      'Ids of counterparties that stand for many people (retail buyer), so that their orders are not taken for one person',
    ),
});
export type OnecExchangeSettings = z.output<typeof onecExchangeSettings>;
