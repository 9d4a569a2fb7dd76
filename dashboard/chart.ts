import type { Report } from '../reports/contract.ts';
import { element, svg } from './element.ts';
import { formatDay, formatShort } from './format.ts';
import type { Language } from './words.ts';

const height = 260;
const left = 60;
const narrowest = 300;
const pixelsPerDay = 110;
const bottom = 30;
const top = 12;
const gridLines = 4;

export interface Series {
  readonly metric: string;
  readonly label: string;
  readonly className: string;
}

interface Scale {
  readonly width: number;
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly low: number;
  readonly high: number;
}

const valuesOf = (report: Report, metric: string): number[] => report.rows.map((row) => Number(row[metric] ?? 0));

function scaleOf(report: Report, series: readonly Series[], width: number): Scale {
  const values = series.flatMap(({ metric }) => valuesOf(report, metric));
  const low = Math.min(0, ...values);
  const high = Math.max(low + 1, ...values);
  const step = (width - left - 10) / Math.max(1, report.rows.length - 1);
  return {
    width,
    x: (index) => left + index * step,
    y: (value) => top + ((high - value) / (high - low)) * (height - top - bottom),
    low,
    high,
  };
}

function grid(scale: Scale, language: Language): SVGElement[] {
  return Array.from({ length: gridLines + 1 }, (_, index) => {
    const value = scale.low + ((scale.high - scale.low) * index) / gridLines;
    const y = scale.y(value);
    return svg(
      'g',
      {},
      svg('line', { class: 'grid', x1: left, x2: scale.width - 10, y1: y, y2: y }),
      svg('text', { x: left - 8, y: y + 4, 'text-anchor': 'end' }, formatShort(value, language)),
    );
  });
}

function days(report: Report, scale: Scale, language: Language): SVGElement[] {
  const count = report.rows.length;
  const every = Math.max(1, Math.ceil((count * pixelsPerDay) / scale.width));
  const anchor = (index: number): string => (index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle');
  return report.rows.flatMap((row, index) =>
    index % every === 0
      ? [
          svg(
            'text',
            { x: scale.x(index), y: height - 8, 'text-anchor': anchor(index) },
            formatDay(String(row.date), language),
          ),
        ]
      : [],
  );
}

function line(values: readonly number[], scale: Scale, className: string): SVGElement {
  const points = values.map((value, index) => `${scale.x(index).toFixed(1)},${scale.y(value).toFixed(1)}`);
  return svg('path', { class: className, d: `M${points.join('L')}` });
}

function legend(series: readonly Series[]): HTMLElement {
  const items = series.map(({ label, className }) => {
    const mark = svg(
      'svg',
      { viewBox: '0 0 26 10', 'aria-hidden': 'true' },
      svg('line', { class: className, x1: 0, x2: 26, y1: 5, y2: 5 }),
    );
    return element('span', {}, mark, label);
  });
  return element('div', { class: 'legend' }, ...items);
}

/** Draws metrics by day as lines. The table below holds the same numbers for those who do not see it. */
export function drawChart(target: HTMLElement, report: Report, series: readonly Series[], language: Language): void {
  const width = Math.max(narrowest, target.clientWidth);
  const scale = scaleOf(report, series, width);
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': series.map(({ label }) => label).join(', ') },
    ...grid(scale, language),
    ...days(report, scale, language),
    ...series.map(({ metric, className }) => line(valuesOf(report, metric), scale, className)),
  );
  target.replaceChildren(legend(series), picture);
}
