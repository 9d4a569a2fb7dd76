import type { RecordInput } from '../../../domain/record/index.ts';
import type { Problem } from '../../../domain/result.ts';
import { createHttpClient } from '../../../etl/http.ts';
import type { Page, Stream } from '../../../etl/source.ts';
import type { OnecLookups } from '../../../etl/sources/onec-odata/lookups.ts';
import type { OdataObject } from '../../../etl/sources/onec-odata/odata-client.ts';
import { type OnecOdataSettings, onecOdataSettings } from '../../../etl/sources/onec-odata/settings.ts';
import { type FakeVendor, startFakeVendor, type VendorAnswer, type VendorRequest } from '../../support/fake-vendor.ts';

type OnecStream = Stream<OnecOdataSettings, OdataObject, OnecLookups>;

export interface ReadBase {
  readonly records: readonly RecordInput[];
  readonly problems: readonly Problem[];
  readonly rows: readonly OdataObject[];
  readonly cursor: string | undefined;
  readonly requests: readonly VendorRequest[];
}

export interface ReadOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly cursor?: string | undefined;
  readonly since?: string;
  readonly now?: string;
  /** Told each position as it is saved, so that a reading that fails can be gone on with. */
  readonly onCursor?: (cursor: string) => void;
}

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** Reads a stream of a stand-in base to its end, as the pull does, and maps its rows. */
export async function readBase(answer: VendorAnswer, stream: OnecStream, options: ReadOptions = {}): Promise<ReadBase> {
  const vendor = await startFakeVendor(answer);
  try {
    const pages = await readPages(vendor, stream, options);
    return { ...mapPages(pages.list, stream, pages.settings), requests: vendor.requests };
  } finally {
    await vendor.close();
  }
}

async function readPages(vendor: FakeVendor, stream: OnecStream, options: ReadOptions) {
  const settings = onecOdataSettings.parse({
    base_url: `${vendor.url}/base`,
    login: 'user',
    password: 'пароль',
    ...options.settings,
  });
  const clock = { now: () => Date.parse(options.now ?? '2026-01-10T12:00:00Z') };
  const sleep = async (): Promise<void> => {};
  const backOff = { attempts: 2, baseMs: 1, capMs: 1, totalMs: 1000 };
  const http = createHttpClient({ clock, sleep, random: () => 0, limiter: { take: sleep }, log: silent, backOff });
  const list: Page<OdataObject, OnecLookups>[] = [];
  const context = {
    settings,
    sourceId: 'onec',
    clock,
    sleep,
    http,
    timezone: 'Europe/Moscow',
    log: silent,
    signal: new AbortController().signal,
  };
  try {
    for await (const page of stream.read({ ...context, cursor: options.cursor, since: options.since })) {
      list.push(page);
      if (page.nextCursor !== undefined) options.onCursor?.(page.nextCursor);
    }
  } finally {
    await http.close();
  }
  return { list, settings };
}

function mapPages(pages: readonly Page<OdataObject, OnecLookups>[], stream: OnecStream, settings: OnecOdataSettings) {
  const nothing: OnecLookups = { currencies: undefined, orderBySettlement: {}, sharedClients: [] };
  const mapped = pages.flatMap(({ rows, lookups = nothing }) =>
    rows.flatMap((row) =>
      stream.toRecords(row, { settings, sourceId: 'onec', timezone: 'Europe/Moscow', currency: 'RUB', lookups }),
    ),
  );
  return {
    rows: pages.flatMap((page) => page.rows),
    records: mapped.flatMap((one) => (one.ok ? [one.item] : [])),
    problems: mapped.flatMap((one) => (one.ok ? [] : [one.problem])),
    cursor: pages.at(-1)?.nextCursor,
  };
}

export const dealsOf = (read: ReadBase) => read.records.flatMap((item) => (item.entity === 'deal' ? [item.input] : []));
export const paymentsOf = (read: ReadBase) =>
  read.records.flatMap((item) => (item.entity === 'payment' ? [item.input] : []));
