import { addressRulesVersion } from './addresses.ts';
import { readNewSenders } from './senders.ts';
import { leaveEmpty, read, run, runTogether, type StageContext, workTables } from './stage-context.ts';
import { classifyNew } from './traffic-sources.ts';

/** A share of browsers with more events than this each is made smaller. */
const eventsPerVisitor = 10;

/** Raw events → visits, touches, requests and evidence of the browsers that sent something, each browser's whole history anew: a share of the browsers at a time, so that it stays in memory. */
export async function sessionise(context: StageContext): Promise<void> {
  if (!(await workTables(context)).hasEvents) return;
  if (context.since !== undefined) await run(context, 'sessionise/since-visitors');
  const [arrived] = await read<{ visitors: string; events: string }>(context, 'sessionise/arrived');
  const size = Math.max(Number(arrived?.visitors ?? 0), Number(arrived?.events ?? 0) / eventsPerVisitor);
  const chunks = Math.ceil(size / context.shareSize);
  for (let chunk = 0; chunk < chunks; chunk += 1) await sessioniseShare(context, { chunks, chunk });
}

async function sessioniseShare(context: StageContext, share: { chunks: number; chunk: number }): Promise<void> {
  await run(context, context.all ? 'sessionise/work-all-visitors' : 'sessionise/work-visitors', share);
  await run(context, 'sessionise/work-events');
  await readNewSenders(context);
  await classifyNew(context, 'sessionise');
  await run(context, 'sessionise/work-shared');
  await run(context, 'sessionise/work-nodes');
  const [found] = await read<WhatWasSent>(context, 'sessionise/what-was-sent');
  await run(context, 'sessionise/work-visits', { address_version: addressRulesVersion(context) });
  if (found?.has_shared) await run(context, 'sessionise/work-event-nodes');
  else await leaveEmpty(context, ['sessionise/work-event-nodes']);
  if (found?.has_requests) await run(context, 'sessionise/work-requests');
  else await leaveEmpty(context, ['sessionise/work-requests']);
  const marts = [
    'sessionise/visits',
    'sessionise/touches',
    ...(found?.has_anonymous ? ['sessionise/anonymous-hits'] : []),
  ];
  await runTogether(
    context,
    found?.has_requests || found?.had_requests ? [...marts, 'sessionise/staged-leads'] : marts,
  );
  if (found?.has_evidence || found?.had_evidence) await readEvidence(context);
  await run(context, 'sessionise/touched-by-visits');
}

/** Of the browsers of a share: whether they asked for something and told who they are, by their events and by what is known. */
interface WhatWasSent {
  readonly has_requests: boolean;
  readonly had_requests: boolean;
  readonly has_evidence: boolean;
  readonly had_evidence: boolean;
  /** Some events are of people who refused. */
  readonly has_anonymous: boolean;
  /** Some browsers are several people. */
  readonly has_shared: boolean;
}

async function readEvidence(context: StageContext): Promise<void> {
  await run(context, 'identify/work-centers');
  await run(context, 'identify/work-edges');
  await runTogether(context, ['sessionise/visitor-edges', 'sessionise/visitor-centers']);
  // Before the new evidence is written: what changes is seen by comparing it with what is known.
  await run(context, 'identify/touched-by-edges');
  await run(context, 'identify/identity-edges');
}
