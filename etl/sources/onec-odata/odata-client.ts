import { z } from 'zod';
import { SourceError } from '../../errors.ts';
import type { HttpClient, HttpRequest } from '../../http.ts';
import { type JudgeResponse, judgeStatus } from '../../http-judge.ts';
import type { HttpResponse } from '../../http-response.ts';
import type { OnecOdataSettings } from './settings.ts';

export interface OdataQuery {
  readonly select?: readonly string[];
  readonly filter?: string;
  readonly orderby?: string;
  readonly top?: number;
  readonly skip?: number;
}

export type OdataObject = Readonly<Record<string, unknown>>;

/** Requests to the standard OData interface of one base (https://its.1c.ru/db/v8327doc#bookmark:dev:TI000001358). */
export interface OdataClient {
  metadata(): Promise<string>;
  /** An item of the list that is no object is told as one that says what came, and nothing else. */
  rows(entity: string, query: OdataQuery): Promise<readonly OdataObject[]>;
}

/** Field of an object that stands for an item that was none: `null`, `a text`, … */
export const cameInstead = 'odata.came';

const page = z.object({ value: z.array(z.unknown()) });
const odataError = z.object({
  'odata.error': z.object({
    code: z.union([z.string(), z.number()]).transform(String),
    message: z.object({ value: z.string() }),
  }),
});

const requestTimeoutMs = 300_000;
const metadataMaxBytes = 256 * 1024 * 1024;

export function createOdataClient(http: HttpClient, settings: OnecOdataSettings): OdataClient {
  const root = odataRoot(settings.base_url);
  const common = {
    basicAuth: { user: settings.login, password: settings.password },
    timeoutMs: requestTimeoutMs,
    judge: judgeOdata,
  } satisfies Partial<HttpRequest>;
  return {
    metadata: async () => {
      const response = await http.request({ ...common, url: `${root}/$metadata`, maxBytes: metadataMaxBytes });
      return response.text();
    },
    rows: async (entity, query) => {
      const url = `${root}/${encodeURIComponent(entity)}?${queryString(query)}`;
      const parsed = page.safeParse(
        await http.json({ ...common, url, headers: { accept: 'application/json;odata=nometadata' } }),
      );
      if (!parsed.success) throw new SourceError('bad_data', `1C answered about ${entity} without a list of values`);
      return parsed.data.value.map(asObject);
    },
  };
}

const asObject = (item: unknown): OdataObject => (isObject(item) ? item : { [cameInstead]: kindOf(item) });

export const isObject = (value: unknown): value is OdataObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(item: unknown): string {
  if (item === null) return 'null';
  if (Array.isArray(item)) return 'a list';
  return typeof item === 'string' ? 'a text' : `a ${typeof item}`;
}

/** The address of the base as people copy it from the browser, with or without the path of the interface. */
export function odataRoot(baseUrl: string): string {
  const trimmed = baseUrl.replace(/[/?#]+$/, '');
  return /\/odata\/standard\.odata$/i.test(trimmed) ? trimmed : `${trimmed}/odata/standard.odata`;
}

/** 1C refuses a plus for a space and raw Cyrillic: both are percent-encoded. */
export function queryString(query: OdataQuery): string {
  const options = {
    $format: 'json',
    $select: query.select?.join(','),
    $filter: query.filter,
    $orderby: query.orderby,
    $top: query.top,
    $skip: query.skip === 0 ? undefined : query.skip,
  };
  return Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
}

/** Errors of 1C in plain words. A web page, even with status 200, is what the web server says when 1C has no session or licence left. */
export const judgeOdata: JudgeResponse = (response, nowMs) => {
  const error = readError(response);
  if (error !== undefined) return describeError(error.code, error.text, response.status);
  if (isWebPage(response) && response.status < 400)
    return new SourceError(
      'transient',
      'a web page came instead of data: 1C is starting, out of licences or under maintenance, or base_url leads elsewhere',
    );
  if (response.status === 401)
    return new SourceError(
      'auth',
      '1C refused login and password: check them, and that the user may use the OData interface',
    );
  return judgeStatus(response, nowMs);
};

const isWebPage = (response: HttpResponse): boolean =>
  /html/i.test(response.headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(response.text().slice(0, 200));

function readError(response: HttpResponse): { code: string; text: string } | undefined {
  if (response.status < 400 && !/^\s*\{\s*"odata\.error"/.test(response.text().slice(0, 100))) return undefined;
  try {
    const parsed = odataError.safeParse(JSON.parse(response.text()));
    const error = parsed.success ? parsed.data['odata.error'] : undefined;
    return error === undefined ? undefined : { code: error.code, text: error.message.value.slice(0, 300) };
  } catch {
    return undefined;
  }
}

/** Codes of the manual, 17.4: 8 no such entity, 10 no such property, 19 and 20 rights. */
function describeError(code: string, text: string, status: number): SourceError {
  if (code === '19' || code === '20' || status === 401 || status === 403)
    return new SourceError(
      'auth',
      `1C gives no right to read this (${text}): grant the user reading of orders and payments`,
      { code },
    );
  if (code === '8')
    return new SourceError(
      'settings',
      `1C does not show this object (${text}): add it to the OData interface in Administration → Synchronisation`,
      { code },
    );
  if (status >= 500) return new SourceError('transient', `1C could not answer: ${text}`, { code });
  return new SourceError('bad_data', `1C refused the request: ${text}`, { code });
}
