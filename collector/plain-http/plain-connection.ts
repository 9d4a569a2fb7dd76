import type { Socket } from 'node:net';
import type { Answer, RequestBody, RequestHead } from '../http/request-head.ts';
import { type AnswerSink, PlainAnswer } from './plain-answer.ts';
import { type PlainRequest, readPlainRequest } from './read-plain-request.ts';

/** Who takes requests that node has not read. */
export interface PlainTaker {
  /** Takes one with its whole body; false: it is for somebody else. */
  take(path: string, request: RequestHead, body: RequestBody, answer: Answer): boolean;
  /** Told when a connection ended in the middle of a body. */
  brokeOff(path: string): void;
}

export interface PlainConnectionOptions {
  readonly taker: PlainTaker;
  /** Gives the connection, and what was read of it and not taken, to node for good. */
  readonly giveToNode: (socket: Socket, bytes: Buffer) => void;
  readonly keepAliveMs: number;
  /** What an answer says of a connection that stays. */
  readonly keepAlive: string;
  /** The connection ends with its answer. */
  readonly isStopping: () => boolean;
  /** Shared by all connections. */
  readonly held: Held;
}

/** Bytes in memory of requests that are not whole yet, and how many these may be. */
export interface Held {
  bytes: number;
  readonly maxBytes: number;
}

/** So many pieces a request may come in, and so long it may take; node waits for the others, and watches the time. */
const maxPieces = 4;
const patienceMs = 500;

/**
 * One connection as long as its requests are plain: node's own server takes half of the time that a request of a page costs. The first
 * that is not, or is not whole soon, goes to node with the connection.
 */
export class PlainConnection implements AnswerSink {
  readonly #socket: Socket;
  readonly #options: PlainConnectionOptions;
  /** What has come of the next request. */
  #pieces: Buffer[] = [];
  #isBusy = false;
  #hasEnded = false;

  constructor(socket: Socket, options: PlainConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('data', this.#read);
    socket.on('end', this.#end);
    socket.on('timeout', this.#waitNoMore);
    socket.on('error', ignore);
    socket.on('close', this.#close);
    socket.setTimeout(options.keepAliveMs);
  }

  /** Nothing is under way on it. */
  get isIdle(): boolean {
    return !this.#isBusy && this.#pieces.length === 0;
  }

  send(head: string, body: string): void {
    const isLast = (this.#hasEnded && this.#pieces.length === 0) || this.#options.isStopping();
    const text = `${head}Connection: ${isLast ? 'close' : this.#options.keepAlive}\r\n\r\n${body}`;
    // Node copies what it need not convert.
    const encoding = Buffer.byteLength(body) === body.length ? 'latin1' : 'utf8';
    this.#isBusy = false;
    if (isLast) this.#socket.end(text, encoding);
    else if (this.#socket.write(text, encoding)) this.#goOn();
    // Who sends and does not read the answers waits until he has.
    else this.#socket.pause().once('drain', () => this.#goOn());
  }

  breakOff(): void {
    this.#socket.destroy();
  }

  readonly #read = (piece: Buffer): void => {
    this.#pieces.push(piece);
    this.#options.held.bytes += piece.length;
    // One request at a time: the answers have the order of the questions.
    if (this.#isBusy) this.#socket.pause();
    else this.#takeNext();
  };

  #goOn(): void {
    if (this.#pieces.length > 0) this.#takeNext();
    if (this.#socket.isPaused() && !this.#isBusy) this.#socket.resume();
  }

  #takeNext(): void {
    const [first] = this.#pieces;
    const bytes = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces);
    const request = readPlainRequest(bytes);
    const missing = request === undefined ? Number.NaN : request.bodyAt + request.bodyBytes - bytes.length;
    if (request !== undefined && missing === 0) this.#take(request, bytes);
    else if (missing > 0 && this.#mayWait) this.#socket.setTimeout(patienceMs);
    else this.#leave(bytes);
  }

  get #mayWait(): boolean {
    const { bytes, maxBytes } = this.#options.held;
    return this.#pieces.length < maxPieces && bytes <= maxBytes;
  }

  #take({ path, headers, bodyAt }: PlainRequest, bytes: Buffer): void {
    if (this.#pieces.length > 1) this.#socket.setTimeout(this.#options.keepAliveMs);
    this.#release();
    this.#isBusy = true;
    const request = { headers, socket: this.#socket };
    const isTaken = this.#options.taker.take(path, request, new PlainBody(bytes, bodyAt), new PlainAnswer(this));
    if (!isTaken) this.#leave(bytes);
  }

  #release(): void {
    for (const piece of this.#pieces) this.#options.held.bytes -= piece.length;
    this.#pieces = [];
  }

  #leave(bytes: Buffer): void {
    const socket = this.#socket;
    socket.off('data', this.#read);
    socket.off('end', this.#end);
    socket.off('timeout', this.#waitNoMore);
    socket.off('error', ignore);
    socket.off('close', this.#close);
    socket.setTimeout(0);
    this.#release();
    this.#options.giveToNode(socket, bytes);
  }

  readonly #end = (): void => {
    this.#hasEnded = true;
    if (!this.#isBusy) this.#socket.end();
  };

  readonly #close = (): void => {
    const request = this.#pieces.length === 0 ? undefined : readPlainRequest(Buffer.concat(this.#pieces));
    this.#release();
    if (request !== undefined) this.#options.taker.brokeOff(request.path);
  };

  readonly #waitNoMore = (): void => {
    if (this.#isBusy) return;
    if (this.#pieces.length === 0) this.#socket.destroy();
    else this.#leave(Buffer.concat(this.#pieces));
  };
}

/** What follows a head among the bytes of a request: a view of its own would cost more than the text that is read of it. */
class PlainBody implements RequestBody {
  readonly #bytes: Buffer;
  readonly #from: number;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#from = from;
  }

  get length(): number {
    return this.#bytes.length - this.#from;
  }

  toString(): string {
    return this.#bytes.toString('utf8', this.#from);
  }
}

const ignore = (): void => undefined;
