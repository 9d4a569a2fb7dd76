import type { IncomingHttpHeaders } from 'node:http';
import { maxBodyBytes } from '../../domain/event.ts';
import { flatText } from '../flat-text.ts';

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

type Value = string | undefined;
const absent: Value = undefined;

/** The usual headers, each in its place: an object of the same shape for every request is made and read several times as fast. */
const noHeaders = () => ({
  host: absent as Value,
  connection: absent as Value,
  'content-length': absent as Value,
  'content-encoding': absent as Value,
  origin: absent as Value,
  cookie: absent as Value,
  'user-agent': absent as Value,
  'sec-ch-ua': absent as Value,
  'sec-ch-ua-mobile': absent as Value,
  'sec-ch-ua-platform': absent as Value,
  'sec-ch-ua-platform-version': absent as Value,
  'sec-ch-ua-model': absent as Value,
  'sec-ch-ua-full-version-list': absent as Value,
  'x-forwarded-for': absent as Value,
  'x-forwarded-proto': absent as Value,
  'content-type': absent as Value,
  accept: absent as Value,
  'accept-encoding': absent as Value,
  'accept-language': absent as Value,
  referer: absent as Value,
  'sec-fetch-dest': absent as Value,
  'sec-fetch-mode': absent as Value,
  'sec-fetch-site': absent as Value,
  'cache-control': absent as Value,
  pragma: absent as Value,
  priority: absent as Value,
  dnt: absent as Value,
  'sec-gpc': absent as Value,
  'x-real-ip': absent as Value,
  'x-forwarded-host': absent as Value,
});
type PlainHeaders = ReturnType<typeof noHeaders>;
type PlainName = keyof PlainHeaders;

const isPlainName = (name: string): name is PlainName => Object.hasOwn(noHeaders(), name);

/** Their names by the ways they were written: few are usual, and a text in lower case need not be made of each. */
const namesAsWritten = new Map<string, PlainName>();
const mostWays = 1000;

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

/** Undefined when a header comes twice, each has its own rule for that, or is not plain. */
function readHeaders(lines: string): PlainHeaders | undefined {
  const headers = noHeaders();
  const others: string[] = [];
  for (let at = 2; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at);
    const stop = end === -1 ? lines.length : end;
    const colon = lines.indexOf(':', at);
    const written = lines.slice(at, colon);
    const name = namesAsWritten.get(written) ?? learnedName(written);
    if (name !== undefined) {
      if (headers[name] !== undefined) return undefined;
      headers[name] = lines.slice(colon + 1, stop).trim();
    } else if (!isNewAmong(others, written.toLowerCase())) return undefined;
    at = stop + 2;
  }
  return headers;
}

function learnedName(written: string): PlainName | undefined {
  const name = written.toLowerCase();
  if (!isPlainName(name)) return undefined;
  if (namesAsWritten.size < mostWays) namesAsWritten.set(flatText(written), name);
  return name;
}

/** Notes an unusual header, which nobody reads; false when it is there already, may not be, or there are too many. */
function isNewAmong(others: string[], name: string): boolean {
  if (others.length >= maxHeaders || notPlain.includes(name) || others.includes(name)) return false;
  others.push(name);
  return true;
}

function isPlain({ host, connection, 'content-length': length }: PlainHeaders): boolean {
  if (!host || !plainLength.test(length ?? '') || Number(length) > maxBodyBytes) return false;
  return connection === undefined || connection.toLowerCase() === 'keep-alive';
}
