import { Option } from 'commander';
import { systemClock } from '../../domain/time.ts';
import type { Report } from '../../reports/contract.ts';
import { createReports } from '../../reports/create-reports.ts';
import { formats } from '../../reports/formats/index.ts';
import { requestFromParameters } from '../../reports/query/parse-get.ts';
import type { AddCommand, CommandContext } from '../command-line.ts';
import { readCount, readDate } from '../options.ts';
import type { Installation } from '../runtime/installation.ts';
import { type CommonOptions, readSettings, withInstallation } from '../settings.ts';
import { reportTable } from '../terminal/report-table.ts';
import { complain, hand } from '../terminal/tell.ts';

/** Options named like the query parameters of GET /api/v1/report. */
interface ReportOptions extends CommonOptions {
  readonly metrics: string;
  readonly dimensions?: string;
  readonly from: string;
  readonly to: string;
  readonly timezone?: string;
  readonly granularity?: string;
  readonly dateBasis?: string;
  readonly model?: string;
  readonly windowDays?: number;
  readonly filters?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly horizonDays?: number;
  readonly includeBots?: boolean;
  readonly format: string;
}

const formatNames = ['table', ...formats.map(({ name }) => name)];

export const addReport: AddCommand = (program, context) => {
  program
    .command('report')
    .description('the report API from a shell')
    .requiredOption('--metrics <list>', 'by comma: visits,ad_cost,revenue,roi')
    .option('--dimensions <list>', 'by comma: channel,campaign')
    .requiredOption('--from <date>', 'first day', readDate)
    .requiredOption('--to <date>', 'last day', readDate)
    .option('--timezone <zone>', "time zone of the days (default: the project's)")
    .option('--granularity <step>', 'day, week, month, quarter or year')
    .option('--date-basis <basis>', 'touch, lead, deal or payment')
    .option('--model <name>', 'attribution model')
    .option('--window-days <n>', 'attribution window', readCount)
    .option('--filters <json>', 'as in the API: [{"field":"device","op":"eq","value":"mobile"}]')
    .option('--sort <list>', 'by comma, a minus for descending: -revenue')
    .option('--limit <n>', 'rows at most', readCount)
    .option('--horizon-days <n>', 'days of the life of a client that ltv counts', readCount)
    .option('--include-bots', 'count robots too')
    .addOption(new Option('--format <name>', 'form of the answer').choices(formatNames).default('table'))
    .action(async (options: ReportOptions) => {
      await withInstallation(readSettings(options, context.env), (installation) =>
        printReport(installation, options, context),
      );
    });
};

async function printReport(installation: Installation, options: ReportOptions, context: CommandContext): Promise<void> {
  const { warehouse, config, logger } = installation;
  const project = {
    name: config.project,
    timezone: config.timezone,
    currency: config.currency,
    moneySource: config.money_source,
  };
  const reports = createReports({ warehouse, project, clock: systemClock, logger, auth: { mode: 'open' } });
  const outcome = await reports.runReport(requestFromParameters(parameters(options)));
  if (outcome.ok) return print(outcome.value, options.format);
  for (const { path, message } of outcome.errors) complain(`${path}: ${message}\n`);
  context.setExitCode(2);
}

function parameters(options: ReportOptions): URLSearchParams {
  const { config: _config, data: _data, port: _port, format: _format, ...asked } = options;
  const pairs = Object.entries(asked).map(([name, value]): [string, string] => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    String(value),
  ]);
  return new URLSearchParams(pairs);
}

function print(report: Report, name: string): void {
  const format = formats.find((known) => known.name === name);
  hand(format ? format.write(report) : `${reportTable(report)}\n`);
  for (const warning of report.meta.warnings) complain(`! ${warning}\n`);
}
