import { attributionModels } from '../../domain/attribution/index.ts';
import { livesIn } from './dimension.ts';
import { dimensions } from './dimensions.ts';
import { type Fact, facts } from './fact.ts';
import { baseMetricsOf, metrics } from './metrics.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const factsOf = (name: string): string =>
  [...new Set(baseMetricsOf([name], 'payments').map((base) => base.fact))].join(', ');

function metricTable(): string {
  const rows = metrics.map((metric) => [
    `\`${metric.name}\``,
    metric.unit,
    metric.formula,
    factsOf(metric.name),
    `${metric.label.en}. ${metric.description.en}`,
    `${metric.label.ru}. ${metric.description.ru}`,
  ]);
  return table(['metric', 'unit', 'formula', 'facts', 'in English', 'по-русски'], rows);
}

function dimensionTable(): string {
  const mark = (yes: boolean): string => (yes ? 'yes' : '');
  const rows = dimensions.map((dimension) => [
    `\`${dimension.name}\``,
    ...facts.map((fact: Fact) => mark(livesIn(dimension, fact))),
    `${dimension.label.en}. ${dimension.description.en}`,
    `${dimension.label.ru}. ${dimension.description.ru}`,
  ]);
  return table(['dimension', ...facts, 'in English', 'по-русски'], rows);
}

function modelTable(): string {
  const rows = attributionModels.map(({ name, description }) => [`\`${name}\``, description.en, description.ru]);
  return table(['model', 'in English', 'по-русски'], rows);
}

/** docs/metrics.md, written from the registry so that it cannot differ from what reports compute. */
export function metricsDocument(): string {
  return `# Metrics and dimensions

Generated from reports/registry; do not edit. GET /api/v1/meta publishes the same.

Ratios are fractions (0.25 is 25 %), computed last from sums at every level, and null when the denominator is 0. Money is in the
project's currency, rounded to its minor unit. Totals are those of the whole period and of the filters on dimensions; filters on
metrics, \`limit\` and \`cursor\` choose which rows are shown and leave the totals alone.

## Metrics

${metricTable()}

## Dimensions

"yes" marks the facts that have the dimension; \`deal_field:<name>\` is one more, with any field of the deal by its name in the source.
A fact without a dimension stands in the row where the dimension has no value, and its metrics are null in the other rows.
A filter that such a fact cannot answer makes its metrics null everywhere.

${dimensionTable()}

## Attribution models

${modelTable()}

## Which date places what

- Visits by the start of the visit, costs by the day of the spend, always.
- Requests by their own date, or by the credited touch with date basis \`touch\`.
- Deals, sales, new clients and their costs: \`touch\` the credited touch, \`lead\` the request, \`deal\` the creation of the deal, \`payment\` the first
  payment (the win, when money comes from deals). A deal without a payment stands in no period of basis \`payment\`.
- Payments and refunds: the same, but by their own date with basis \`payment\`. One that names no deal we know goes by its own date always.
- Without a touch in the window, basis \`touch\` takes the date of the conversion.

## Beside the numbers

\`meta\` of a JSON answer has \`money_source\`, \`data_as_of\` (up to when each source was read), \`warnings\` in plain words, and, with a metric that needs
the cost of goods, \`known_cost_share\`: the share of the report's revenue whose cost is known, 0 to 1, null without revenue. An unknown cost
counts as 0. CSV, Arrow and NDJSON have the rows alone.

## Filters

\`contains\` and \`starts_with\` ignore letter case; \`matches\` is RE2. "No value" passes \`ne\`, \`not_in\` and \`is_null\`, and nothing else.
With \`vat: net\` only metrics of costs, visits and counts can be had: the VAT inside payments and deals is not known.
`;
}
