import { leaveEmpty, read, run, runTogether, type StageContext, workTables } from './stage-context.ts';
import { classifyNew } from './traffic-sources.ts';

/** Raw records → staged deals, payments and requests, costs, imported touches: the newest version of each record that changed. */
export async function clean(context: StageContext): Promise<void> {
  const { hasRecords } = await workTables(context);
  if (!hasRecords) return leaveEmpty(context, ['clean/work-records']);
  await run(context, 'clean/work-records');
  const kinds = await read<Kind>(context, 'clean/arrived-entities');
  const arrived = new Set(kinds.map(({ entity }) => entity));
  if (['deal', 'payment', 'cost'].some((entity) => arrived.has(entity))) await price(context, kinds);
  if (arrived.has('cost') || arrived.has('touch')) await readTagged(context, arrived);
  // What deals were told step by step is read with them.
  if (arrived.has('stage')) await run(context, 'clean/deal-stages');
  const statements = [...arrived].flatMap((entity) => statementsOf[entity] ?? []);
  await runTogether(
    context,
    statements.map((statement) => `clean/${statement}`),
  );
  if (arrived.has('cost')) await run(context, 'clean/campaigns');
}

interface Kind {
  readonly entity: string;
  readonly was_unpriced: number;
  readonly was_sumless: number;
  readonly implied: number;
}

/** What every amount is worth, and which payments that an order implies wait for no sum; what cannot be counted is refused. */
async function price(context: StageContext, kinds: readonly Kind[]): Promise<void> {
  const isAny = (what: Exclude<keyof Kind, 'entity'>): boolean => kinds.some((kind) => kind[what] > 0);
  const runOrLeave = isAny('implied') ? run : leaveOneEmpty;
  await runOrLeave(context, 'clean/work-order-sums');
  await run(context, 'clean/work-rates');
  await runOrLeave(context, 'clean/work-documented');
  await run(context, 'clean/reject-unpriced');
  if (isAny('was_unpriced')) await run(context, 'clean/forget-unpriced');
  if (isAny('implied')) await run(context, 'clean/reject-sumless');
  if (isAny('was_sumless')) await run(context, 'clean/forget-sumless');
}

const leaveOneEmpty = (context: StageContext, name: string): Promise<void> => leaveEmpty(context, [name]);

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
  payment: ['staged-payments'],
  lead: ['staged-leads'],
  cost: ['costs'],
  touch: ['touches'],
};
