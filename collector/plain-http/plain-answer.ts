import { STATUS_CODES } from 'node:http';
import type { Answer } from '../http/request-head.ts';

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

  writeHead(status: number, headers: readonly string[]): this {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (let index = 0; index < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`;
    this.#head = head + dateHeader();
    return this;
  }

  end(body = ''): void {
    if (this.#head === undefined) this.#sink.breakOff();
    else this.#sink.send(this.#head, body);
  }

  destroy(): void {
    this.#sink.breakOff();
  }
}
