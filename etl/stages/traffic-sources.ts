import { domainToUnicode } from 'node:url';
import { classify, type LandingMarks } from '../../domain/channel/classify.ts';
import { read, type StageContext, stageParams } from './stage-context.ts';

type Signature = LandingMarks & { readonly signature: string };

/**
 * Classifies combinations of landing marks met for the first time. They are few however many visits there are, so that the rules can be
 * plain functions and a visit is classified by a join.
 */
export async function classifyNew(context: StageContext, stage: 'clean' | 'sessionise'): Promise<void> {
  const { rules_version } = stageParams(context);
  const found = await read<Signature>(context, `${stage}/new-signatures`);
  if (found.length === 0) return;
  const rows = found.map((marks) => ({
    project: context.project,
    ...marks,
    ...classify(marks, context.rules.sourceAliases),
    referrer_name: domainToUnicode(marks.referrer_host) || marks.referrer_host,
    rules_version,
  }));
  await context.warehouse.insertRows('traffic_sources', rows);
}
