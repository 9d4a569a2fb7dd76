import { STATUS_CODES } from 'node:http';
import type { Answer } from '../http/request-head.ts';

type HeaderList = readonly string[];

let dateText = '';
let dateSecond = 0;

/** As every answer tells it, RFC 9110 6.6.1; made once a second. */
function dateHeader(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
  }
  return dateText;
}

const jsonHead = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ';

function linesOf(headers: HeaderList): string {
  let lines = '';
  for (let index = 0; index < headers.length; index += 2) lines += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return lines;
}

const keptLines = new WeakMap<HeaderList, string>();

function keptLinesOf(headers: HeaderList): string {
  const kept = keptLines.get(headers);
  if (kept !== undefined) return kept;
  const lines = linesOf(headers);
  keptLines.set(headers, lines);
  return lines;
}

/** Where an answer goes. */
export interface AnswerSink {
  /** `head` ends with its last header. */
  send(head: string, body: string): void;
  /** There is no answer, or only a part of one: nothing can follow on the connection. */
  breakOff(): void;
}

/** The answer to one request. Who writes it says the length of the body among the headers. */
export class PlainAnswer implements Answer {
  #head: string | undefined;
  readonly #sink: AnswerSink;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  get headersSent(): boolean {
    return this.#head !== undefined;
  }

  writeHead(status: number, headers: HeaderList): this {
    this.#head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${linesOf(headers)}${dateHeader()}`;
    return this;
  }

  sendJson(kept: HeaderList, further: HeaderList, body: string): void {
    const bytes = Buffer.byteLength(body);
    const headers = further.length === 0 ? keptLinesOf(kept) : keptLinesOf(kept) + linesOf(further);
    this.#head = `${jsonHead}${bytes}\r\nCache-Control: no-store\r\n${headers}${dateHeader()}`;
    this.#sink.send(this.#head, body);
  }

  end(body = ''): void {
    if (this.#head === undefined) this.#sink.breakOff();
    else this.#sink.send(this.#head, body);
  }

  destroy(): void {
    this.#sink.breakOff();
  }
}
