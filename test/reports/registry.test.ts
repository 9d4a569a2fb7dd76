import { readFile, writeFile } from 'node:fs/promises';
import { env } from 'node:process';
import { describe, expect, it } from 'vitest';
import { dimensions } from '../../reports/registry/dimensions.ts';
import { metricsDocument } from '../../reports/registry/document.ts';
import { metricByName, metrics, partsOf } from '../../reports/registry/metrics.ts';
import { units } from '../../reports/registry/unit.ts';

const documentUrl = new URL('../../docs/metrics.md', import.meta.url);

describe('the registry', () => {
  it('names every metric and dimension once, in both languages, with a unit of the list', () => {
    const names = [...metrics, ...dimensions].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { label, description } of [...metrics, ...dimensions]) {
      for (const text of [label.en, label.ru, description.en, description.ru]) expect(text).not.toBe('');
    }
    for (const { unit } of metrics) expect(units).toContain(unit);
  });

  it('computes every metric from metrics that exist, whichever the money source is', () => {
    for (const metric of metrics) {
      for (const source of ['payments', 'deals'] as const) {
        for (const part of partsOf(metric, source)) expect(metricByName(part).name).toBe(part);
      }
    }
  });

  it('is what docs/metrics.md says; UPDATE_DOCS=1 writes the file anew', async () => {
    if (env.UPDATE_DOCS === '1') await writeFile(documentUrl, metricsDocument());
    expect(await readFile(documentUrl, 'utf8')).toBe(metricsDocument());
  });
});
