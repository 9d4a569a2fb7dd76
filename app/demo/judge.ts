import type { Report } from '../../reports/contract.ts';
import { compareAnswers, type Difference } from '../../test/simulator/compare.ts';
import type { LedgerAnswer, LedgerQuestion, PhaseLedger, World } from '../../test/simulator/index.ts';
import { campaignQuestion, channelQuestion, everyQuestion } from './questions.ts';

export interface Answered {
  readonly question: LedgerQuestion;
  readonly ledger: LedgerAnswer;
  readonly report: Report;
  readonly differences: readonly Difference[];
}

export interface Judged {
  readonly channels: Answered;
  readonly campaigns: Answered;
  /** All questions asked, the two above among them. */
  readonly questions: number;
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** Asks the report API over HTTP and the shop's books the same questions and compares every number. */
export async function judge(ledger: PhaseLedger, world: World, baseUrl: string): Promise<Judged> {
  const period = { from: world.period.startDate, to: world.period.endDate };
  let compared = 0;
  const answer = async (question: LedgerQuestion): Promise<Answered> => {
    const report = await askReport(baseUrl, question);
    const truth = ledger.report(question);
    const comparison = compareAnswers(question, truth, report);
    compared += comparison.compared;
    return { question, ledger: truth, report, differences: comparison.differences };
  };
  const channels = await answer(channelQuestion(period));
  const campaigns = await answer(campaignQuestion(period));
  const others: Answered[] = [];
  for (const question of everyQuestion(period)) others.push(await answer(question));
  const all = [channels, campaigns, ...others];
  return {
    channels,
    campaigns,
    questions: all.length,
    compared,
    differences: all.flatMap(({ differences }) => differences),
  };
}

/** The report API's answer to a question of the books, over HTTP. */
export async function askReport(baseUrl: string, question: LedgerQuestion): Promise<Report> {
  const response = await fetch(`${baseUrl}/api/v1/report`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...question, limit: 100_000 }),
  });
  if (!response.ok) throw new Error(`The report API refused ${JSON.stringify(question)}: ${await response.text()}`);
  return (await response.json()) as Report;
}
