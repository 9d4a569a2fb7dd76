import type { MoneySource } from './fact.ts';
import { type BaseMetric, isBase, type Metric } from './metric.ts';
import { counts } from './metrics/counts.ts';
import { customers, hiddenParts } from './metrics/customers.ts';
import { money } from './metrics/money.ts';
import { ratios } from './metrics/ratios.ts';

const all: readonly Metric[] = [...counts, ...money, ...ratios, ...customers, ...hiddenParts];

const byName = new Map(all.map((metric) => [metric.name, metric]));

/** Every metric a report can ask for, in the order of the documentation. */
export const metrics: readonly Metric[] = all.filter((metric) => metric.hidden !== true);

/** A metric that can be asked for; undefined when there is none of that name. */
export const findMetric = (name: string): Metric | undefined => metrics.find((metric) => metric.name === name);

/** Any metric, parts of others included. Throws when the registry itself names one that is not there. */
export function metricByName(name: string): Metric {
  const metric = byName.get(name);
  if (metric === undefined) throw new Error(`The metric registry has no "${name}".`);
  return metric;
}

/** Names of the metrics that a metric is computed from, directly. */
export function partsOf(metric: Metric, moneySource: MoneySource): readonly string[] {
  if (metric.kind === 'derived') return metric.terms[moneySource].map((term) => term.metric);
  if (metric.kind !== 'ratio') return [];
  const guard = metric.unless === undefined ? [] : [metric.unless];
  return [...metric.numerator.map((term) => term.metric), metric.denominator, ...guard];
}

/** The metrics that SQL has to compute for this one, each once. */
export function baseMetricsOf(names: readonly string[], moneySource: MoneySource): readonly BaseMetric[] {
  const found = new Map<string, BaseMetric>();
  const visit = (name: string): void => {
    const metric = metricByName(name);
    if (isBase(metric)) found.set(name, metric);
    for (const part of partsOf(metric, moneySource)) visit(part);
  };
  for (const name of names) visit(name);
  return [...found.values()];
}
