import { visibleInLine } from './visible.ts';

export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Lays rows out in columns for a terminal of any width; numbers stand to the right. What cannot be printed is marked. */
export function textTable(columns: readonly TextColumn[], texts: readonly (readonly string[])[]): string {
  const rows = texts.map((row) => row.map(visibleInLine));
  const widths = columns.map((column, index) =>
    Math.max(width(column.title), ...rows.map((row) => width(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  const rule = widths.map((columnWidth) => '─'.repeat(columnWidth)).join('──');
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join('\n');
}

const width = (text: string): number => [...text].length;

function pad(text: string, columnWidth: number, align: TextColumn['align']): string {
  const blank = ' '.repeat(Math.max(0, columnWidth - width(text)));
  return align === 'right' ? blank + text : text + blank;
}
