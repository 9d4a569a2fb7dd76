import { run, type StageContext } from './stage-context.ts';
import { classifyNew } from './traffic-sources.ts';

/** Raw records → staged deals, payments and requests, costs, imported touches: the newest version of each record that changed. */
export async function clean(context: StageContext): Promise<void> {
  await run(context, 'clean/work-records');
  await run(context, 'clean/work-rates');
  await run(context, 'clean/reject-unpriced');
  await run(context, 'clean/staged-deals');
  await run(context, 'clean/deal-items');
  await run(context, 'clean/deal-stages');
  await run(context, 'clean/staged-payments');
  await run(context, 'clean/staged-leads');
  await run(context, 'clean/work-costs');
  await run(context, 'clean/work-touches');
  await classifyNew(context, 'clean');
  await run(context, 'clean/costs');
  await run(context, 'clean/campaigns');
  await run(context, 'clean/touches');
}
