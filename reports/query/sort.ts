import type { Query, Value } from '../contract.ts';
import type { Cell } from './shape.ts';

/** Nulls last, whichever way the rest goes. */
function compareValues(left: Value, right: Value, desc: boolean): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right === desc ? 1 : -1;
}

type Reader = (cell: Cell) => Value;

function readerOf(query: Query, field: string): Reader {
  const index = query.dimensions.indexOf(field);
  if (index >= 0) return (cell) => cell.keys[index] ?? null;
  return field === 'date' ? (cell) => cell.date : (cell) => cell.metrics[field] ?? null;
}

/** Rows in the order asked; ties by date and then by the dimensions, so that the order is always the same. */
export function sortRows(query: Query, cells: readonly Cell[]): readonly Cell[] {
  const ties = ['date', ...query.dimensions].map((field) => ({ field, desc: false }));
  const keys = [...query.sort, ...ties].map(({ field, desc }) => ({ read: readerOf(query, field), desc }));
  return cells.toSorted((left, right) => {
    for (const { read, desc } of keys) {
      const order = compareValues(read(left), read(right), desc);
      if (order !== 0) return order;
    }
    return 0;
  });
}
