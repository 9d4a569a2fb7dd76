import type { RecordInput } from '../../../domain/record/index.ts';
import { type Clock, systemClock } from '../../../domain/time.ts';
import { exchangeFiles } from './exchange-files.ts';
import { type ExchangeProblem, UnreadableFileError } from './exchange-problem.ts';
import type { ExchangeMapContext } from './map-context.ts';
import { readOnecTime } from './onec-time.ts';
import { readUnits } from './read-units.ts';
import type { OnecExchangeSettings } from './settings.ts';
import { type ExchangeRow, unitRecords } from './unit-records.ts';

export interface CommercemlImport {
  /** Where the file lies: XML, or a zip of XML files, told by its content. */
  readonly path: string;
  /** Its name as 1C or the user gave it; stands in every problem. */
  readonly filename: string;
  readonly sourceId: string;
  readonly settings: OnecExchangeSettings;
  /** Project's zone and currency, for what neither settings nor file say. */
  readonly timezone: string;
  readonly currency: string;
  readonly clock?: Clock;
  /** Stores a batch; awaited before more is read, so memory does not grow with the file. */
  readonly write: (rows: readonly ExchangeRow[]) => Promise<void>;
}

export interface CommercemlResult {
  readonly files: number;
  readonly documents: number;
  readonly deals: number;
  readonly payments: number;
  /** Told by answers, which change the order without telling it whole. */
  readonly statuses: number;
  /** Documents of payments that did not take place: deleted, unposted, cancelled or not paid. */
  readonly takenBack: number;
  /** Orders that say that they are not paid. */
  readonly unpaid: number;
  /** Answers of 1C that change a status and hold neither sum nor goods. */
  readonly patches: number;
  /** Shipments, invoices, purchases from suppliers. */
  readonly skipped: number;
  readonly problems: number;
  /** Why a file could not be read to its end; what came before is stored. The first one when there are several. */
  readonly failed?: ExchangeProblem;
  readonly ignored?: 'catalogue files are not read yet';
}

const batchRows = 500;

/** Under which count a record goes; none for a step that came with its order. */
function countOf({
  entity,
  input,
}: RecordInput): 'deals' | 'payments' | 'statuses' | 'takenBack' | 'unpaid' | undefined {
  if (entity === 'deal') return 'deals';
  if (entity === 'stage') return input.tells_deal ? 'statuses' : undefined;
  if (entity !== 'payment') return undefined;
  if (!input.cancelled) return 'payments';
  return input.implied ? 'unpaid' : 'takenBack';
}

/**
 * Reads an exchange file of 1C and hands its orders and payments over batch by batch. Problems go to `write` too, as rows
 * without a record, and do not stop the rest; importing a file again changes nothing.
 */
export async function importCommerceml(task: CommercemlImport): Promise<CommercemlResult> {
  const importer = new Importer(task);
  try {
    for await (const file of exchangeFiles(task.path, task.filename)) await importer.file(file.name, file.bytes);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    await importer.problem(error.problem, true);
  }
  return importer.finish();
}

class Importer {
  private readonly task: CommercemlImport;
  private readonly counts = {
    files: 0,
    documents: 0,
    deals: 0,
    payments: 0,
    statuses: 0,
    takenBack: 0,
    unpaid: 0,
    patches: 0,
    skipped: 0,
    problems: 0,
  };
  private batch: ExchangeRow[] = [];
  private failed: ExchangeProblem | undefined;
  private sections = 0;

  constructor(task: CommercemlImport) {
    this.task = task;
  }

  async file(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    this.counts.files += 1;
    for await (const part of readUnits(bytes, name)) {
      if (part.kind === 'section') this.sections += 1;
      else if (part.kind === 'problem') await this.problem(part.problem, part.endsFile);
      else {
        const records = unitRecords(part.unit.root, this.context(name, part.unit.generatedAt));
        this.counts.documents += records.documents;
        this.counts.patches += records.patches;
        this.counts.skipped += records.skipped;
        await this.take(records.rows);
      }
    }
  }

  async problem(problem: ExchangeProblem, endsFile: boolean): Promise<void> {
    if (endsFile) this.failed ??= problem;
    await this.take([{ mapped: { ok: false, problem }, payload: {} }]);
  }

  async finish(): Promise<CommercemlResult> {
    await this.flush();
    const isCatalogue = this.sections > 0 && this.counts.documents === 0;
    return {
      ...this.counts,
      ...(this.failed === undefined ? {} : { failed: this.failed }),
      ...(isCatalogue ? { ignored: 'catalogue files are not read yet' } : {}),
    };
  }

  private async take(rows: readonly ExchangeRow[]): Promise<void> {
    for (const { mapped } of rows) {
      const count = mapped.ok ? countOf(mapped.item) : 'problems';
      if (count !== undefined) this.counts[count] += 1;
    }
    this.batch.push(...rows);
    if (this.batch.length >= batchRows) await this.flush();
  }

  private async flush(): Promise<void> {
    const rows = this.batch;
    this.batch = [];
    if (rows.length > 0) await this.task.write(rows);
  }

  private context(file: string, generatedAt: string | undefined): ExchangeMapContext {
    const { sourceId, settings, currency } = this.task;
    const timezone = settings.timezone ?? this.task.timezone;
    return {
      sourceId,
      settings,
      currency,
      timezone,
      file,
      generatedAt: this.notInTheFuture(readOnecTime(generatedAt, timezone)),
    };
  }

  /** A 1C whose clock runs ahead must not make its orders newer than anything that follows. */
  private notInTheFuture(generatedAt: string | undefined): string | undefined {
    const now = (this.task.clock ?? systemClock).now();
    return generatedAt !== undefined && Date.parse(generatedAt) > now ? new Date(now).toISOString() : generatedAt;
  }
}
