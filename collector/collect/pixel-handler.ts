import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '../../domain/result.ts';
import type { AppendProblem } from '../spool.ts';
import { takerOf, toBatch, visitorHeaders } from './batch-of-request.ts';
import type { CollectDeps, CollectOutcome } from './collect-deps.ts';
import type { HeaderList } from './cors.ts';
import { pixelGif, readPixel } from './pixel.ts';
import type { BatchAnswer } from './take-batch.ts';
import { readVisitorCookie } from './visitor-cookie.ts';
import { addressOf, checkAddress, checkSender } from './who-may-send.ts';

const pixelHeaders: HeaderList = [
  'Content-Type',
  'image/gif',
  'Content-Length',
  String(pixelGif.length),
  'Cache-Control',
  'no-store, private',
  'Cross-Origin-Resource-Policy',
  'cross-origin',
  'X-Content-Type-Options',
  'nosniff',
];

/** Tells a link checker that the image is there; only who asks for the image itself has seen it. */
export function handlePixelHead(_deps: CollectDeps, _request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, [...pixelHeaders]).end();
}

/** Answers `GET /collect.gif`: the image in any case, because nobody reads an error of an image. */
export async function handlePixel(
  deps: CollectDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { outcome, headers = [] } = await takePixel(deps, request);
  deps.count(outcome);
  response.writeHead(200, [...pixelHeaders, ...headers]);
  response.end(pixelGif);
}

async function takePixel(
  deps: CollectDeps,
  request: IncomingMessage,
): Promise<{ outcome: CollectOutcome; headers?: HeaderList }> {
  const address = addressOf(deps, request);
  const tooMany = checkAddress(deps, address);
  if (tooMany) return { outcome: tooMany.reason };
  const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
  const { event, ...hit } = readPixel(query, request.headers.referer, deps.clock.now());
  const refusal = checkSender(deps, request, address, hit.site);
  if (refusal) return { outcome: refusal.reason };
  const sender = { deps, request, address, cookie: readVisitorCookie(request.headers.cookie) };
  const batch = toBatch(sender, { ...hit, events: [event] }, 'pixel');
  const take = takerOf(hit);
  const taken = await new Promise<Result<BatchAnswer, AppendProblem>>((resolve, reject) => {
    take(deps, batch, resolve)?.catch(reject);
  });
  if (!taken.ok) return { outcome: taken.problem.reason };
  const mayKeep = isShownAsImage(request) || hit.consent === 'denied';
  return { outcome: 'taken', headers: mayKeep ? visitorHeaders(sender, hit, taken.value.visitor) : [] };
}

/** A link may be sent to anybody: all who open one that names a visitor would become that visitor. Older browsers do not tell. */
const isShownAsImage = ({ headers }: IncomingMessage): boolean =>
  ['image', 'empty', undefined].includes(headers['sec-fetch-dest']?.toString());
