import {
  type DataType,
  Field,
  Float64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { Column, Report } from '../contract.ts';

const typeOf = (column: Column): DataType => (column.type === 'number' ? new Float64() : new Utf8());

/** Rows as an Arrow IPC stream: numbers are Float64 and the very numbers of the JSON answer, the rest is UTF-8; all may be null. */
export function toArrow(report: Report): Uint8Array {
  const fields = report.columns.map(
    (column) =>
      new Field(column.name, typeOf(column), true, new Map(column.unit === undefined ? [] : [['unit', column.unit]])),
  );
  const children = report.columns.map((column) => {
    const vector = vectorFromArray(
      report.rows.map((row) => row[column.name] ?? null),
      typeOf(column),
    );
    return vector.data[0] ?? makeData({ type: typeOf(column) });
  });
  const schema = new Schema(fields);
  const data = makeData({ type: new Struct(fields), length: report.rows.length, nullCount: 0, children });
  return tableToIPC(new Table(schema, new RecordBatch(schema, data)), 'stream');
}
