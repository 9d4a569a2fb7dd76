import { leaveEmpty, read, run, runTogether, type StageContext, workTables } from './stage-context.ts';
import { classifyNew } from './traffic-sources.ts';

/** Raw records → staged deals, payments and requests, costs, imported touches: the newest version of each record that changed. */
export async function clean(context: StageContext): Promise<void> {
  const { hasRecords } = await workTables(context);
  if (!hasRecords) return leaveEmpty(context, ['clean/work-records']);
  await run(context, 'clean/work-records');
  const kinds = await read<{ entity: string; was_unpriced: number }>(context, 'clean/arrived-entities');
  const arrived = new Set(kinds.map(({ entity }) => entity));
  if (['deal', 'payment', 'cost'].some((entity) => arrived.has(entity))) {
    await run(context, 'clean/work-rates');
    await run(context, 'clean/reject-unpriced');
    if (kinds.some(({ was_unpriced }) => was_unpriced > 0)) await run(context, 'clean/forget-unpriced');
  }
  if (arrived.has('cost') || arrived.has('touch')) await readTagged(context, arrived);
  const statements = [...arrived].flatMap((entity) => statementsOf[entity] ?? []);
  await runTogether(
    context,
    statements.map((statement) => `clean/${statement}`),
  );
}

/** Costs and touches carry tags, which are classified. */
async function readTagged(context: StageContext, arrived: ReadonlySet<string>): Promise<void> {
  for (const [entity, statement] of [['cost', 'clean/work-costs'] as const, ['touch', 'clean/work-touches'] as const]) {
    if (arrived.has(entity)) await run(context, statement);
    else await leaveEmpty(context, [statement]);
  }
  await classifyNew(context, 'clean');
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
