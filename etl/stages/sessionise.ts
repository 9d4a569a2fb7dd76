import { read, run, type StageContext } from './stage-context.ts';
import { classifyNew } from './traffic-sources.ts';
import { readNewUserAgents } from './user-agents.ts';

/** A share of browsers with more events than this each is made smaller. */
const eventsPerVisitor = 10;

/** Raw events → visits, touches, requests and evidence of the browsers that sent something, each browser's whole history anew: a share of the browsers at a time, so that it stays in memory. */
export async function sessionise(context: StageContext): Promise<void> {
  if (context.since !== undefined) await run(context, 'sessionise/since-visitors');
  const [arrived] = await read<{ visitors: string; events: string }>(context, 'sessionise/arrived');
  const size = Math.max(Number(arrived?.visitors ?? 0), Number(arrived?.events ?? 0) / eventsPerVisitor);
  const chunks = Math.ceil(size / context.shareSize);
  for (let chunk = 0; chunk < chunks; chunk += 1) await sessioniseShare(context, { chunks, chunk });
}

async function sessioniseShare(context: StageContext, share: { chunks: number; chunk: number }): Promise<void> {
  await run(context, context.all ? 'sessionise/work-all-visitors' : 'sessionise/work-visitors', share);
  await run(context, 'sessionise/work-events');
  await readNewUserAgents(context);
  await classifyNew(context, 'sessionise');
  await run(context, 'sessionise/work-visits');
  await run(context, 'sessionise/work-requests');
  await run(context, 'sessionise/visits');
  await run(context, 'sessionise/touches');
  await run(context, 'sessionise/staged-leads');
  await run(context, 'sessionise/visitor-edges');
  await run(context, 'sessionise/visitor-centers');
  // Before the new evidence is written: what changes is seen by comparing it with what is known.
  await run(context, 'identify/touched-by-edges');
  await run(context, 'identify/identity-edges');
  await run(context, 'sessionise/touched-by-visits');
}
