import type { ServerResponse } from 'node:http';
import { BoundedMap } from '../bounded-map.ts';
import { flatText } from '../flat-text.ts';

/** Headers of an answer, names and values in turn: setting them one by one costs the hot path a tenth of its time. */
export type HeaderList = readonly string[];

const forNobody: HeaderList = ['Vary', 'Origin'];

/** Few pages send most requests. */
const maxOrigins = 1000;
const forOrigin = new BoundedMap<string, HeaderList>(maxOrigins);

/** Lets the page at `origin` read the answer; undefined: nobody. Credentials: the visitor's cookie travels with the request. */
export function corsHeaders(origin: string | undefined): HeaderList {
  if (origin === undefined) return forNobody;
  const known = forOrigin.get(origin);
  if (known !== undefined) return known;
  const own = flatText(origin);
  const made = ['Vary', 'Origin', 'Access-Control-Allow-Origin', own, 'Access-Control-Allow-Credentials', 'true'];
  forOrigin.set(own, made);
  return made;
}

/** Answers a preflight; without the headers the browser does not send the request. */
export function answerPreflight(response: ServerResponse, origin: string | undefined): void {
  const leave = ['Access-Control-Allow-Methods', 'POST, OPTIONS', 'Access-Control-Allow-Headers', 'Content-Type'];
  const keep = ['Access-Control-Max-Age', '86400'];
  response.writeHead(204, [
    'Allow',
    'POST, OPTIONS',
    ...corsHeaders(origin),
    ...(origin === undefined ? [] : [...leave, ...keep]),
  ]);
  response.end();
}
