import { read, run, type StageContext } from './stage-context.ts';
import { classifyNew } from './traffic-sources.ts';

/** Raw records → staged deals, payments and requests, costs, imported touches: the newest version of each record that changed. */
export async function clean(context: StageContext): Promise<void> {
  await run(context, 'clean/work-records');
  const arrived = await read<{ entity: string }>(context, 'clean/arrived-entities');
  if (arrived.length === 0) return;
  await run(context, 'clean/work-rates');
  await run(context, 'clean/reject-unpriced');
  await run(context, 'clean/work-costs');
  await run(context, 'clean/work-touches');
  await classifyNew(context, 'clean');
  for (const statement of arrived.flatMap(({ entity }) => statementsOf[entity] ?? [])) {
    await run(context, `clean/${statement}`);
  }
}

/** What is written when records of a kind arrived. Contact cards are read by `identify` alone. */
const statementsOf: Readonly<Record<string, readonly string[]>> = {
  deal: ['staged-deals', 'deal-items'],
  stage: ['deal-stages'],
  payment: ['staged-payments'],
  lead: ['staged-leads'],
  cost: ['costs', 'campaigns'],
  touch: ['touches'],
};
