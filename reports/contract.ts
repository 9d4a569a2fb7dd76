import type { DateBasis, MoneySource } from './registry/fact.ts';
import type { Text, Unit } from './registry/unit.ts';

export type Value = string | number | null;

export type Granularity = 'day' | 'week' | 'month' | 'quarter' | 'year';

export type Op =
  | 'eq'
  | 'ne'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'starts_with'
  | 'matches'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'is_null';

export interface Condition {
  readonly field: string;
  readonly op: Op;
  readonly value: string | number | boolean | readonly (string | number)[];
}

export type Filter = Condition | { readonly or: readonly Filter[] } | { readonly and: readonly Filter[] };

export interface SortField {
  readonly field: string;
  readonly desc: boolean;
}

/** A report with every default spelled out. */
export interface Query {
  readonly metrics: readonly string[];
  readonly dimensions: readonly string[];
  /** Local days, both included. */
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
  readonly granularity: Granularity | null;
  readonly date_basis: DateBasis;
  readonly attribution: { readonly model: string; readonly window_days: number };
  readonly filters: readonly Filter[];
  readonly sort: readonly SortField[];
  readonly limit: number;
  readonly cursor: string | null;
  readonly currency: string;
  readonly vat: 'gross' | 'net';
  readonly include_bots: boolean;
  readonly horizon_days: number;
}

export interface Column {
  readonly name: string;
  readonly kind: 'date' | 'dimension' | 'metric';
  readonly type: 'string' | 'number' | 'date';
  readonly unit?: Unit;
}

export type Row = Readonly<Record<string, Value>>;

export interface ReportMeta {
  /** Per source: up to when it has been read, ISO 8601; `marts`: when the tables behind reports were last brought up to date. */
  readonly data_as_of: Readonly<Record<string, string>>;
  readonly money_source: MoneySource;
  /** Share of revenue whose cost of goods is known, 0 to 1; null without revenue. Of reports with a metric that needs the cost. */
  readonly known_cost_share?: number | null;
  readonly warnings: readonly string[];
  readonly elapsed_ms: number;
  readonly explain?: { readonly formulas: Readonly<Record<string, string>>; readonly sql: string };
}

export interface Report {
  readonly query: Query;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Of the whole period and the filters on dimensions; filters on metrics, limit and cursor choose rows alone. */
  readonly totals: Row;
  readonly next_cursor: string | null;
  readonly meta: ReportMeta;
}

export interface Catalog {
  readonly project: {
    readonly name: string;
    readonly timezone: string;
    readonly currency: string;
    readonly money_source: MoneySource;
  };
  readonly metrics: readonly {
    readonly name: string;
    readonly kind: string;
    readonly unit: Unit;
    readonly better: 'more' | 'less' | 'neither';
    readonly formula: string;
    readonly label: Text;
    readonly description: Text;
    /** Dimensions that every part of the metric has. */
    readonly dimensions: readonly string[];
  }[];
  readonly dimensions: readonly {
    readonly name: string;
    readonly type: 'string' | 'number';
    readonly label: Text;
    readonly description: Text;
    readonly examples: readonly string[];
  }[];
  readonly models: readonly {
    readonly name: string;
    readonly label: Text;
    readonly description: Text;
  }[];
  readonly date_bases: readonly DateBasis[];
  readonly granularities: readonly Granularity[];
}
