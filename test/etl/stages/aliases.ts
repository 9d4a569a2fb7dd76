import type { RawRecord } from '../../../domain/record/raw-record.ts';
import { clientIdOf } from '../../../etl/stages/identify.ts';

/** A UUID, or the hash of a phone or e-mail. */
const opaque = /\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64})\b/gi;

const opaqueOrPerson = new RegExp(`${opaque.source}|\\b[0-9a-f]{32}\\b`, 'gi');

/** Fields of events and records by which rows find each other. */
const linking = new Set([
  'id',
  'record_id',
  'deal_id',
  'order_id',
  'lead_id',
  'merged_into',
  'duplicate_of',
  'client_id',
  'part_of',
  'lists_payments',
  'user_id',
  'ym_client_id',
  'campaign_id',
  'phone_hash',
  'email_hash',
]);

/** What broken templates send for everybody. */
const nobodys = /^(?:0|null|none|undefined)?$/i;

/** Gives all that a scenario loads identifiers of its own, so that nothing of it meets what others load, and reads them back as the scenario wrote them. */
export class Aliases {
  /** Stands in each identifier of the scenario and in no other. */
  readonly mark: string;
  readonly #originals = new Map<string, string>();

  constructor(number: number) {
    this.mark = `a11a5${String(number).padStart(7, '0')}`;
  }

  /** An event or a record with identifiers of the scenario's own. */
  ofRow<Row extends object>(row: Row): Row {
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, this.#of(name, value)])) as Row;
  }

  ofRecord(raw: RawRecord): RawRecord {
    const record = raw.record === '' ? '' : JSON.stringify(this.ofRow(JSON.parse(raw.record)));
    return { ...this.ofRow(raw), record, payload: raw.payload };
  }

  /** Learns the ids of the persons that these identifiers belong to or belonged to. The answer is the ids. */
  ofPersons(nodes: readonly string[]): string[] {
    return nodes.map((node) => {
      const id = clientIdOf(node);
      this.#originals.set(id, clientIdOf(this.#restoreText(node)));
      return id;
    });
  }

  /** A row as the scenario would read it in a shop of its own. */
  restore<Value>(value: Value): Value {
    if (typeof value === 'string') return this.#restoreText(value) as Value;
    if (Array.isArray(value)) return value.map((part) => this.restore(part)) as Value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, this.restore(part)])) as Value;
  }

  #of(name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((part) => this.#of(name, part));
    if (typeof value !== 'string') return value;
    const changed = value.replace(opaque, (text) => this.#ofOpaque(text));
    return changed === value && linking.has(name) && !nobodys.test(value) ? `${this.mark}-${value}` : changed;
  }

  #ofOpaque(text: string): string {
    const alias = text.slice(0, -this.mark.length) + this.mark;
    this.#originals.set(alias.toLowerCase(), text.toLowerCase());
    return alias;
  }

  #restoreText(text: string): string {
    return text
      .replaceAll(`${this.mark}-`, '')
      .replace(opaqueOrPerson, (alias) => this.#originals.get(alias.toLowerCase()) ?? alias);
  }
}
