import { type SecondsHistogram, secondsBounds } from '../../../collector/histogram.ts';

/** Histograms that were counted elsewhere, as Prometheus reads them: prom-client writes only those that it counted itself. */
export function histogramText(
  name: string,
  help: string,
  rows: readonly { readonly process: string; readonly histogram: SecondsHistogram }[],
): string {
  const lines = rows.flatMap(({ process, histogram }) => {
    let below = 0;
    const buckets = histogram.counts.map((count, index) => {
      below += count;
      return `${name}_bucket{process="${process}",le="${secondsBounds[index] ?? '+Inf'}"} ${below}`;
    });
    const label = `{process="${process}"}`;
    return [...buckets, `${name}_sum${label} ${histogram.sumSeconds}`, `${name}_count${label} ${below}`];
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n');
}
