import { amountFromMicros } from '../../../domain/money.ts';
import { isCalendarDate, toInstant } from '../../../domain/time.ts';
import { SourceError } from '../../errors.ts';
import type { Page, ReadContext, Stream } from '../../source.ts';
import { chunksToRead } from './days-to-read.ts';
import { type ReportRow, readReport } from './report-table.ts';
import { type Days, requestReport } from './request-report.ts';
import type { YandexDirectSettings } from './settings.ts';

const rowsPerPage = 5000;

/** Spend by day and ad. Whole days replace each other: an ad whose clicks were taken back vanishes from its day. */
export const adCosts: Stream<YandexDirectSettings, ReportRow> = {
  name: 'costs',
  entity: 'cost',
  key: 'key',
  cursor: 'window',
  writeMode: 'replace_window',
  read: readCosts,
  toRecords(row, { settings, sourceId, currency }) {
    const cost = readMoney(row.Cost);
    if (cost === undefined) {
      const detail = `Cost "${row.Cost}" is neither micros nor a decimal amount`;
      return [{ ok: false, problem: { reason: 'invalid_amount', place: `costs.${row.key}.Cost`, detail } }];
    }
    const input = {
      source: sourceId,
      id: row.key,
      account: settings.account ?? settings.client_login ?? sourceId,
      platform: 'yandex-direct',
      date: row.Date,
      campaign_id: present(row.CampaignId),
      campaign: present(row.CampaignName),
      adgroup_id: present(row.AdGroupId),
      ad_id: present(row.AdId),
      cost,
      currency: settings.currency ?? currency,
      vat: settings.vat,
      kind: 'media' as const,
      impressions: Number(row.Impressions),
      clicks: Number(row.Clicks),
    };
    return [{ ok: true, item: { entity: 'cost', input } }];
  },
};

async function* readCosts(context: ReadContext<YandexDirectSettings>): AsyncGenerator<Page<ReportRow>> {
  const salt = toInstant(context.clock.now());
  const chunks = chunksToRead(context);
  for (const [index, { from, to, cursor }] of chunks.entries()) {
    const rows = readReport(await requestReport(context, { from, to }, salt));
    refuseOtherDays(rows, { from, to });
    const lastStart = Math.max(0, rows.length - 1 - ((rows.length - 1) % rowsPerPage));
    for (let start = 0; start < lastStart; start += rowsPerPage) yield { rows: rows.slice(start, start + rowsPerPage) };
    yield {
      rows: rows.slice(lastStart),
      window: { from, to },
      nextCursor: JSON.stringify(cursor),
      progress: { done: index + 1, total: chunks.length },
    };
  }
}

/** A day that is none is refused with its row alone. A report of other days is an old answer of a cache; taking it would empty the days that were asked for. */
function refuseOtherDays(rows: readonly ReportRow[], { from, to }: Days): void {
  const other = rows.find((row) => isCalendarDate(row.Date) && (row.Date < from || row.Date > to));
  if (other === undefined) return;
  throw new SourceError(
    'transient',
    `the report of ${from}..${to} has a row of ${other.Date}: it is not the report asked for`,
  );
}

const present = (text: string): string | undefined => (text === '' ? undefined : text);

/** Whole numbers are micros; a decimal point says that the amount came in units. */
function readMoney(text: string): string | undefined {
  if (/^-?\d+$/.test(text)) return amountFromMicros(BigInt(text));
  return /^-?\d+\.\d{1,6}$/.test(text) ? text : undefined;
}
