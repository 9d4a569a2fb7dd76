import type { IncomingHttpHeaders } from 'node:http';
import { maxBodyBytes } from '../../domain/event.ts';

/** A request whose head has come. */
export interface PlainRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Where its body begins among the bytes that were read, and how long it is. */
  readonly bodyAt: number;
  readonly bodyBytes: number;
}

const endOfHead = Buffer.from('\r\n\r\n');
/** Node refuses longer ones; it shall say so. */
const maxHeadBytes = 16 * 1024;
const maxHeaders = 100;

// Stricter than RFC 9112 allows: whoever writes a head in another way is understood by node's parser.
const plainHead = /^POST (\/[!-~]*) HTTP\/1\.1((?:\r\n[\w-]+:[\t\x20-\x7e\x80-\xff]*)+)$/;
const plainLength = /^\d{1,5}$/;

/** What changes how a message is read, or asks for more than an answer. */
const notPlain = ['transfer-encoding', 'expect', 'upgrade', 'trailer', 'te', 'http2-settings', 'proxy-connection'];

/**
 * Reads the head of a POST that is written as browsers and proxies write it: whole, HTTP/1.1, each header once, the length of the body
 * told in digits. Undefined when it is not, or its head is not whole yet: nothing is said against such a request, another reads it.
 */
export function readPlainRequest(bytes: Buffer): PlainRequest | undefined {
  const end = bytes.indexOf(endOfHead);
  if (end === -1 || end > maxHeadBytes) return undefined;
  const [, path, lines] = plainHead.exec(bytes.toString('latin1', 0, end)) ?? [];
  if (path === undefined || lines === undefined) return undefined;
  const headers = readHeaders(lines);
  if (headers === undefined || !isPlain(headers)) return undefined;
  return { path, headers, bodyAt: end + endOfHead.length, bodyBytes: Number(headers['content-length']) };
}

/** Undefined when a header comes twice: each has its own rule for that. */
function readHeaders(lines: string): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  let count = 0;
  for (let at = 2; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at);
    const stop = end === -1 ? lines.length : end;
    const colon = lines.indexOf(':', at);
    const name = lines.slice(at, colon).toLowerCase();
    count += 1;
    if (name in headers || count > maxHeaders) return undefined;
    headers[name] = lines.slice(colon + 1, stop).trim();
    at = stop + 2;
  }
  return headers;
}

function isPlain(headers: IncomingHttpHeaders): boolean {
  const { host, connection, 'content-length': length } = headers;
  if (!host || !plainLength.test(length ?? '') || Number(length) > maxBodyBytes) return false;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return false;
  return notPlain.every((name) => headers[name] === undefined);
}
