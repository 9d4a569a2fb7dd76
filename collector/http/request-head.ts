import type { IncomingHttpHeaders } from 'node:http';

/** What the steps of the hot path read of a request; node's own is one. */
export interface RequestHead {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** A body that has come. */
export interface RequestBody {
  /** In bytes. */
  readonly length: number;
  /** Read as UTF-8. */
  toString(): string;
}

/** What they answer it with; node's own is one. */
export interface Answer {
  readonly headersSent: boolean;
  /** `headers` are names and values in turn. */
  writeHead(status: number, headers: string[]): this;
  end(body?: string): unknown;
  /**
   * Answers 200 with JSON that nobody may store, in one step. `kept` is a list of headers that comes with many answers: its text is made once.
   * Missing where node answers.
   */
  sendJson?(kept: readonly string[], further: readonly string[], body: string): void;
  destroy(): unknown;
}
