import { createHash } from 'node:crypto';
import { SourceError } from '../../errors.ts';
import type { HttpResponse } from '../../http-response.ts';
import type { ReadContext } from '../../source.ts';
import { errorOfAnswer } from './errors.ts';
import { reportFields } from './report-table.ts';
import type { YandexDirectSettings } from './settings.ts';

export interface Days {
  readonly from: string;
  readonly to: string;
}

type Context = Pick<ReadContext<YandexDirectSettings>, 'settings' | 'http' | 'clock' | 'sleep'>;

const longestWaitMs = 30 * 60_000;
const defaultRetryInMs = 10_000;
const longestRetryInMs = 60_000;
const reportTimeoutMs = 5 * 60_000;
const reportMaxBytes = 400 * 1024 * 1024;

/**
 * Asks for a report until it is ready: 201 and 202 mean that the identical request is to be repeated after `retryIn`
 * seconds. https://yandex.ru/dev/direct/doc/ru/mode
 *
 * The report's name is a hash of its parameters and of `salt`, the start of this reading. Direct keeps a finished report
 * for about five hours and serves it again to whoever names it; without the salt the next run would get the spend of the
 * last one. Within one reading the name stays, so that the wait is for one report and not for one more each time.
 */
export async function requestReport(context: Context, days: Days, salt: string): Promise<string> {
  const params = reportParams(context.settings, days);
  const name = createHash('sha256')
    .update(JSON.stringify([params, salt]))
    .digest('hex')
    .slice(0, 16);
  const deadlineMs = context.clock.now() + longestWaitMs;
  while (true) {
    const answer = await send(context, { ...params, ReportName: `throughline-${days.from}-${days.to}-${name}` });
    if (answer.status === 200) return answer.text();
    const waitMs = retryInMs(answer);
    if (context.clock.now() + waitMs > deadlineMs) {
      throw new SourceError(
        'transient',
        `the report of ${days.from}..${days.to} is not ready after 30 minutes; the next run asks again`,
      );
    }
    await context.sleep(waitMs);
  }
}

const reportParams = (settings: YandexDirectSettings, days: Days) => ({
  SelectionCriteria: { DateFrom: days.from, DateTo: days.to },
  FieldNames: reportFields,
  OrderBy: [{ Field: 'Date' }],
  ReportType: 'CUSTOM_REPORT',
  DateRangeType: 'CUSTOM_DATE',
  Format: 'TSV',
  IncludeVAT: settings.vat === 'included' ? 'YES' : 'NO',
  IncludeDiscount: 'NO',
});

// Money comes in micros unless asked otherwise: whole numbers, so nothing is rounded to kopecks on the way.
const send = ({ settings, http }: Context, params: object): Promise<HttpResponse> =>
  http.request({
    url: `${settings.base_url.replace(/\/$/, '')}/json/v5/reports`,
    json: { params },
    headers: {
      authorization: `Bearer ${settings.token}`,
      ...(settings.client_login === undefined ? {} : { 'client-login': settings.client_login }),
      'accept-language': 'en',
      processingMode: 'auto',
      skipReportHeader: 'true',
    },
    timeoutMs: reportTimeoutMs,
    maxBytes: reportMaxBytes,
    judge: errorOfAnswer,
  });

function retryInMs(answer: HttpResponse): number {
  const seconds = Number(answer.headers.retryin);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestRetryInMs) : defaultRetryInMs;
}
