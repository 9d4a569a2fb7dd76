import { findRepeats } from './repeats.ts';
import { leaveEmpty, read, run, runTogether, type StageContext, workTables } from './stage-context.ts';

/** Persons → their deals, money, requests and the path of touches that led to each. */
export async function attribute(context: StageContext): Promise<void> {
  const [concerned] = await read<{ clients: string; payments: string }>(context, 'attribute/concerned');
  const clients = Number(concerned?.clients ?? 0);
  // Most visits are of browsers that never asked for anything.
  if (clients === 0 && Number(concerned?.payments ?? 0) === 0) return;
  await run(context, 'attribute/work-owned-deals');
  const [found] = await read<WhatTheyOwn>(context, 'attribute/what-they-own');
  await findLeaders(context, found);
  const hasMoney = Number(concerned?.payments ?? 0) > 0 || found?.has_deals || found?.had_payments;
  await runOrLeave(context, found?.has_deals, ['attribute/work-deals']);
  await runOrLeave(context, hasMoney, ['attribute/work-payments']);
  await findCountingRequests(context);
  const ofDeals = ['attribute/work-named-leads', 'attribute/work-deal-leads', 'attribute/work-sales'];
  await runOrLeave(context, found?.has_deals, ofDeals);
  const hasDeals = found?.has_deals || found?.had_deals;
  await runTogether(context, ['attribute/leads', ...(hasDeals ? ['attribute/deals'] : []), 'attribute/clients']);
  await buildPaths(context, clients);
  // After the deals: until then it still tells which deal a payment belonged to, should this run end here and be repeated.
  if (hasMoney) await run(context, 'attribute/payments');
}

/** What the persons concerned own, now and by what is written of them. */
interface WhatTheyOwn {
  readonly has_deals: boolean;
  /** A deal is merged into another or has the order number of another. */
  readonly has_followers: boolean;
  readonly had_deals: boolean;
  readonly had_payments: boolean;
}

const findLeaders = (context: StageContext, found: WhatTheyOwn | undefined): Promise<void> =>
  runOrLeave(context, found?.has_followers, ['attribute/work-followers', 'attribute/work-leaders']);

async function runOrLeave(
  context: StageContext,
  isNeeded: boolean | undefined,
  names: readonly string[],
): Promise<void> {
  if (!isNeeded) return leaveEmpty(context, names);
  for (const name of names) await run(context, name);
}

interface ToldLead {
  readonly lead_id: string;
  readonly client_id: string;
  readonly source: string;
  readonly kind: string;
  readonly at_ms: string;
  readonly order_id: string;
  readonly told_to_repeat: string;
  readonly deal_before_ms: string;
}

async function findCountingRequests(context: StageContext): Promise<void> {
  await run(context, 'attribute/work-told-leads');
  const told = await read<ToldLead>(context, 'attribute/told-leads');
  await run(context, 'attribute/work-repeats');
  const repeats = findRepeats(
    told.map((lead) => ({
      leadId: lead.lead_id,
      clientId: lead.client_id,
      source: lead.source,
      kind: lead.kind,
      atMs: Number(lead.at_ms),
      orderId: lead.order_id,
      toldToRepeat: lead.told_to_repeat,
      dealBeforeMs: lead.deal_before_ms === '' ? undefined : Number(lead.deal_before_ms),
    })),
  );
  const rows = [...repeats].map(([lead_id, duplicate_of]) => ({ lead_id, duplicate_of }));
  if (rows.length > 0) await (await workTables(context)).insertRows('work_repeats', rows);
  await run(context, 'attribute/work-leads');
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
