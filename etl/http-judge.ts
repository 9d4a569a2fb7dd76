import { SourceError, type SourceErrorKind } from './errors.ts';
import type { HttpResponse } from './http-response.ts';

/** Says what error of the vendor an answer is, or undefined for a good one. `nowMs` is for headers that name an instant. */
export type JudgeResponse = (response: HttpResponse, nowMs: number) => SourceError | undefined;

/** The verdict by HTTP status alone: 401 and 403 are for a person, 429 and 5xx pass by themselves. */
export const judgeStatus: JudgeResponse = (response, nowMs) => {
  const kind = kindOfStatus(response.status);
  if (kind === undefined) return undefined;
  return new SourceError(kind, `HTTP ${response.status}: ${excerpt(response)}`, retryAfter(response, nowMs));
};

export function kindOfStatus(status: number): SourceErrorKind | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) return 'settings';
  if (status === 401 || status === 403) return 'auth';
  if (status === 404 || status === 410) return 'gone';
  if (status === 429) return 'limit';
  if (status === 408 || status === 425 || status >= 500) return 'transient';
  return 'bad_data';
}

/** Retry-After is either seconds or an HTTP date. */
export function retryAfter(response: HttpResponse, nowMs: number): { retryAfterMs?: number } {
  const header = response.headers['retry-after']?.trim();
  if (header === undefined || header === '') return {};
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs) && waitMs > 0 ? { retryAfterMs: waitMs } : {};
}

/** The body as JSON. A web page is told apart: it means a wrong address or the vendor's maintenance page. */
export function readJson(response: HttpResponse): { value?: unknown; error?: SourceError } {
  const text = response.text();
  try {
    return { value: JSON.parse(text) };
  } catch {
    const isPage = /^\s*<(!doctype|html|head|body)/i.test(text);
    const message = isPage
      ? `a web page came instead of data (${pageTitle(text)}): check the address in the settings; if it is right, the source is under maintenance`
      : `the answer is not JSON: ${excerpt(response)}`;
    return { error: new SourceError('transient', message) };
  }
}

const pageTitle = (html: string): string => /<title[^>]*>([^<]{0,200})/i.exec(html)?.[1]?.trim() || 'no title';

/** The start of a body for an error message. */
export function excerpt(response: HttpResponse): string {
  const text = response.text().trim();
  if (/^<(!doctype|html)/i.test(text)) return `a web page (${pageTitle(text)})`;
  return text === '' ? 'empty answer' : text.slice(0, 300);
}
