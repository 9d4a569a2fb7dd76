import { adminToken } from './product.ts';

const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** POST /collect as a browser sends it. */
export const collect = (
  baseUrl: string,
  body: string | Uint8Array<ArrayBuffer>,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${baseUrl}/collect`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'user-agent': browser, origin: 'https://shop.example', ...more },
    body,
  });

/** The collector's body for pageviews of one visitor. */
export const pageviews = (visitor: string, ids: readonly string[], more: object = {}): string =>
  JSON.stringify({
    site: 'demo',
    visitor,
    events: ids.map((id) => ({ id, type: 'pageview', ts: Date.now(), url: 'https://shop.example/', ...more })),
  });

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** Parameters of a report over the days around now. */
export const around = (parameters: Readonly<Record<string, string>>): URLSearchParams =>
  new URLSearchParams({ from: day(-2), to: day(1), ...parameters });

export const askReport = (baseUrl: string, parameters: URLSearchParams, token = adminToken): Promise<Response> =>
  fetch(`${baseUrl}/api/v1/report?${parameters}`, { headers: { authorization: `Bearer ${token}` } });

export type Totals = Readonly<Record<string, number | null>>;

/** Totals of a report over the days around now. */
export async function totals(
  baseUrl: string,
  metrics: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Totals> {
  const response = await askReport(baseUrl, around({ metrics, ...more }));
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text).totals;
}
