import { createHash } from 'node:crypto';
import { components } from './components.ts';
import { leaveEmpty, read, run, type StageContext, workTables } from './stage-context.ts';

/** Opens the list of identifiers whose person must be looked at again; the other stages add to it. */
export async function openTouched(context: StageContext): Promise<void> {
  await run(context, 'identify/work-touched');
}

/** Evidence → persons: the groups of connected identifiers among all that were touched. */
export async function identify(context: StageContext): Promise<void> {
  await run(context, 'identify/unfinished');
  const [arrived] = await read<{ money: boolean }>(context, 'identify/arrived-money');
  if (arrived?.money) await run(context, 'identify/touched-by-payments');
  const [touched] = await read<{ any: boolean; centers: boolean }>(context, 'identify/touched');
  if (!touched?.any) return leaveEmpty(context, nobody);
  if (touched.centers) await readEvidence(context);
  await run(context, 'identify/work-closure');
  await run(context, 'identify/work-cut-edges');
  await groupPersons(context);
  await run(context, 'identify/work-clients');
  await run(context, 'identify/begin-marts');
}

const nobody = ['work-closure', 'work-cut-edges', 'work-members', 'work-clients'].map((table) => `identify/${table}`);

/** Of the deals, requests, touches and contact cards touched. */
async function readEvidence(context: StageContext): Promise<void> {
  await run(context, 'identify/work-centers');
  await run(context, 'identify/work-edges');
  await run(context, 'identify/record-centers');
  await run(context, 'identify/work-asked');
  await run(context, 'identify/record-edges');
  await run(context, 'identify/touched-by-edges');
  await run(context, 'identify/identity-edges');
}

/**
 * Keeps who is who. The last step: until then the links tell what the marts were written by before, and `work_unfinished` what they
 * are being written by, so that whatever a run that breaks off has left is found and replaced by the next.
 */
export async function keepLinks(context: StageContext): Promise<void> {
  const tables = await workTables(context);
  if (!tables.isFilled('work_closure')) return;
  await tables.checkKept();
  await run(context, 'identify/identity-links');
  await run(context, 'identify/end-marts');
}

async function groupPersons(context: StageContext): Promise<void> {
  const nodes = await read<{ node: string }>(context, 'identify/closure-nodes');
  const edges = await read<{ node_a: string; node_b: string }>(context, 'identify/closure-edges');
  const groups = components(
    nodes.map(({ node }) => node),
    edges.map(({ node_a, node_b }) => [node_a, node_b] as const),
  );
  await run(context, 'identify/work-members');
  const rows = [...groups].map(([node, smallest]) => ({ node, client_id: clientIdOf(smallest) }));
  if (rows.length > 0) await (await workTables(context)).insertRows('work_members', rows);
}

/** Id of the person whose smallest identifier is this one. */
export const clientIdOf = (node: string): string => createHash('sha256').update(node).digest('hex').slice(0, 32);
