import type { IncomingHttpHeaders } from 'node:http';

/** What the steps of the hot path read of a request; node's own is one. */
export interface RequestHead {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** What they answer it with; node's own is one. */
export interface Answer {
  readonly headersSent: boolean;
  /** `headers` are names and values in turn. */
  writeHead(status: number, headers: string[]): this;
  end(body?: string): unknown;
  destroy(): unknown;
}
