import { read, run, type StageContext } from './stage-context.ts';

/** Persons → their deals, money, requests and the path of touches that led to each. */
export async function attribute(context: StageContext): Promise<void> {
  const [concerned] = await read<{ clients: string; payments: string }>(context, 'attribute/concerned');
  const clients = Number(concerned?.clients ?? 0);
  // Most visits are of browsers that never asked for anything.
  if (clients === 0 && Number(concerned?.payments ?? 0) === 0) return;
  await run(context, 'attribute/work-owned-deals');
  await run(context, 'attribute/work-followers');
  await run(context, 'attribute/work-leaders');
  await run(context, 'attribute/work-deals');
  await run(context, 'attribute/work-payments');
  await run(context, 'attribute/work-leads');
  await run(context, 'attribute/work-deal-leads');
  await run(context, 'attribute/work-sales');
  await run(context, 'attribute/leads');
  await run(context, 'attribute/deals');
  await run(context, 'attribute/clients');
  await buildPaths(context, clients);
  // After the deals: until then it still tells which deal a payment belonged to, should this run end here and be repeated.
  await run(context, 'attribute/payments');
}

/** Paths are built for a share of the persons at a time: what one share holds stays in memory. */
async function buildPaths(context: StageContext, clients: number): Promise<void> {
  const chunks = Math.ceil(clients / context.shareSize);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    await run(context, 'attribute/work-paths', { chunks, chunk });
    await run(context, 'attribute/work-path-touches');
    await run(context, 'attribute/deal-touches', { chunks, chunk });
  }
}
