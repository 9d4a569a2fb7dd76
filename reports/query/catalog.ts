import { attributionModels } from '../../domain/attribution/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Catalog } from '../contract.ts';
import { livesIn } from '../registry/dimension.ts';
import { dimensions } from '../registry/dimensions.ts';
import type { MoneySource } from '../registry/fact.ts';
import { baseMetricsOf, metrics } from '../registry/metrics.ts';
import { dimensionExamples } from './examples.ts';
import type { ReportProject } from './project.ts';
import { dateBases, granularities } from './schema.ts';

/** Dimensions that every part of a metric has. */
export function dimensionsOf(metric: string, moneySource: MoneySource): readonly string[] {
  const facts = [...new Set(baseMetricsOf([metric], moneySource).map((base) => base.fact))];
  return dimensions
    .filter((dimension) => facts.every((fact) => livesIn(dimension, fact)))
    .map((dimension) => dimension.name);
}

/** What GET /api/v1/meta publishes: everything a report can be asked for. */
export async function readCatalog(warehouse: Pick<Warehouse, 'query'>, project: ReportProject): Promise<Catalog> {
  const examples = await dimensionExamples(warehouse, project.name);
  return {
    project: {
      name: project.name,
      timezone: project.timezone,
      currency: project.currency,
      money_source: project.moneySource,
    },
    metrics: metrics.map(({ name, kind, unit, better, formula, label, description }) => ({
      name,
      kind,
      unit,
      better,
      formula,
      label,
      description,
      dimensions: dimensionsOf(name, project.moneySource),
    })),
    dimensions: dimensions.map(({ name, type, label, description }) => ({
      name,
      type,
      label,
      description,
      examples: examples.get(name) ?? [],
    })),
    models: attributionModels.map(({ name, label, description }) => ({ name, label, description })),
    date_bases: dateBases,
    granularities,
  };
}
